namespace Proxy.Protocols.Postgres;

/// <summary>What the ledger can say about a name at the moment a message uses it.</summary>
internal enum NameLookup : byte
{
    /// <summary>Depends on replies that have not come: the message has to wait for them.</summary>
    Uncertain = 0,

    /// <summary>If the server runs the message at all, it means this object.</summary>
    Known,

    /// <summary>The server has no such object, or will have none when the message arrives.</summary>
    Unknown,
}
