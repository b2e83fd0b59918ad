namespace Proxy.Protocols.Postgres;

/// <summary>What a request made the server, or us, owe the client.</summary>
internal enum PendingKind : byte
{
    /// <summary>Nothing: a free slot.</summary>
    None = 0,
    Parse,
    Bind,
    CloseStatement,
    ClosePortal,
    DescribeStatement,
    DescribePortal,
    Execute,
    Query,
    Sync,

    /// <summary>CopyDone or CopyFail went by: no reply of its own, but it ends what the server ignores.</summary>
    CopyEnd,

    /// <summary>A message that must fail stands in for a refused one; its error becomes the refusal.</summary>
    Refused,

    /// <summary>Likewise for a refused Query: behind the error comes a ReadyForQuery of its own, and what follows is not skipped.</summary>
    RefusedQuery,

    /// <summary>The answer is ours and the server knows nothing of it.</summary>
    Local,
}
