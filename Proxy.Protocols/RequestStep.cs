namespace Proxy.Protocols;

/// <summary>What a dialect made of received requests.</summary>
/// <param name="Consumed">Bytes that are done with.</param>
/// <param name="Wait">What has to happen before the next frame.</param>
/// <param name="WakesReplies">Whether an answer of our own is due and the reply relay may be asleep.</param>
/// <param name="End">Why the session ends, for <see cref="RequestWait.End"/>.</param>
public readonly record struct RequestStep(int Consumed, RequestWait Wait, bool WakesReplies, SessionEnd End);
