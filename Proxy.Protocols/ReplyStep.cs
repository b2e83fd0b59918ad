namespace Proxy.Protocols;

/// <summary>What a dialect made of received replies: bytes done with, and why the session ends, if it does.</summary>
public readonly record struct ReplyStep(int Consumed, SessionEnd End);
