namespace Proxy.Tests.Live.Model;

/// <summary>What a step of a sequence does.</summary>
public enum ModelAction
{
    /// <summary>Sends, and waits for nothing.</summary>
    Send,

    /// <summary>Ends the segment and waits until every reply has come.</summary>
    Barrier,

    /// <summary>Flushes and waits for what has been asked so far; the segment goes on. A barrier where the burst had more than one segment.</summary>
    FlushBarrier,

    /// <summary>Waits for CopyInResponse, or for the error instead of it. Only for the first statement behind a barrier.</summary>
    AwaitCopyIn,
}
