namespace Proxy.Protocols.MySql;

/// <summary>What became of one command. The default: it is done with, and the next one may come.</summary>
internal readonly record struct RequestOutcome(RequestWait Wait, bool WakesReplies)
{
    public static readonly RequestOutcome Done = new(RequestWait.Bytes, WakesReplies: false);

    public static readonly RequestOutcome DoneLocally = new(RequestWait.Bytes, WakesReplies: true);

    public static readonly RequestOutcome EndsSession = new(RequestWait.End, WakesReplies: false);

    public static readonly RequestOutcome AwaitReplies = new(RequestWait.Replies, WakesReplies: false);

    /// <summary>A second request where one was granted. The session ends.</summary>
    public static readonly RequestOutcome Spent = new(RequestWait.Bytes, WakesReplies: false) { IsSpent = true };

    public bool IsSpent { get; private init; }
}
