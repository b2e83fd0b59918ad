namespace Proxy.Protocols.Postgres;

/// <summary>What became of one message. The default: it is done with, and the next one may come.</summary>
internal readonly record struct RequestOutcome(RequestWait Wait, bool WakesReplies, string? Violation)
{
    public static readonly RequestOutcome Done = new(RequestWait.Bytes, WakesReplies: false, null);

    public static readonly RequestOutcome DoneLocally = new(RequestWait.Bytes, WakesReplies: true, null);

    public static readonly RequestOutcome AwaitReplies = new(RequestWait.Replies, WakesReplies: false, null);

    public static readonly RequestOutcome AwaitCatalogue = new(RequestWait.Catalogue, WakesReplies: false, null);

    /// <summary>A second request where one was granted. The session ends.</summary>
    public static readonly RequestOutcome Spent = new(RequestWait.Replies, WakesReplies: true, null) { IsSpent = true };

    public bool IsSpent { get; private init; }

    public static RequestOutcome Violates(string what) => new(RequestWait.End, WakesReplies: false, what);
}
