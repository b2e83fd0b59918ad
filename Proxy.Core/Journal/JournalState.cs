namespace Proxy.Core.Journal;

/// <summary>Whether the journal takes records. Zero does not.</summary>
public enum JournalState
{
    Closed = 0,

    /// <summary>No next segment, and the current one no longer holds a record of the permitted size: appends are being refused or soon will be.</summary>
    Full,

    /// <summary>Takes records, but the next segment could not be prepared; <see cref="MappedJournal.Reason"/> says why.</summary>
    Degraded,
    Ready,
}
