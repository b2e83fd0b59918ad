namespace Proxy.Protocols;

/// <summary>What is said to a request of a session that is good for one.</summary>
internal enum RequestVerdict : byte
{
    /// <summary>It is a second request: it must not be forwarded, and the session ends.</summary>
    Spent = 0,

    /// <summary>Whether it is one is known when the replies under way have come.</summary>
    AwaitReplies,

    Pass,
}
