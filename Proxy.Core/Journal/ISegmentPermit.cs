namespace Proxy.Core.Journal;

/// <summary>Says whether the journal may take more room on this machine. Asked when a segment is prepared, away from sessions.</summary>
public interface ISegmentPermit
{
    /// <summary>Why there may be no further segment now, in one line; null when there may.</summary>
    string? RefusalOf(long number);
}
