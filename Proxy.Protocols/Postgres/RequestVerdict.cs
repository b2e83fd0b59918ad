namespace Proxy.Protocols.Postgres;

/// <summary>What a <see cref="OneRequestGate"/> says to a message.</summary>
internal enum RequestVerdict : byte
{
    /// <summary>It is a second request: it must not be forwarded, and the session ends.</summary>
    Spent = 0,

    /// <summary>Whether it is one is known when the replies under way have come.</summary>
    AwaitReplies,

    Pass,
}
