namespace Proxy.Protocols.MySql;

/// <summary>What a request made the server, or us, owe the client.</summary>
internal enum PendingKind : byte
{
    /// <summary>Nothing: a free slot.</summary>
    None = 0,

    /// <summary>OK or ERR: COM_PING, COM_INIT_DB, COM_STMT_RESET.</summary>
    Simple,

    /// <summary>COM_RESET_CONNECTION: on success nothing is prepared any more.</summary>
    Reset,
    Query,
    Prepare,
    Execute,
    Fetch,

    /// <summary>A text that we refuse is prepared, which runs nothing, because the server's own error may say more. Success is not shown.</summary>
    Probe,

    /// <summary>Sent on our own account; its success is not shown, and its failure ends the session.</summary>
    Setup,

    /// <summary>The answer is ours and the server knows nothing of it.</summary>
    Local,
}
