namespace Proxy.Core.Journal.Records;

/// <summary>How a statement ended. Values are part of the file format; zero claims nothing.</summary>
public enum OutcomeStatus : byte
{
    /// <summary>Nobody saw its end: the connection or the process died. It may have run.</summary>
    Unknown = 0,
    Completed = 1,

    /// <summary>The server answered with an error.</summary>
    Failed = 2,
    Refused = 3,

    /// <summary>The server skipped it after an earlier error in its segment.</summary>
    Skipped = 4,

    /// <summary>A portal gave as many rows as were asked for, and waits.</summary>
    Suspended = 5,
}
