namespace Proxy.Protocols;

/// <summary>A peer broke the protocol before the session began. The message names what was wrong and holds nothing that was sent.</summary>
public sealed class ProtocolViolationException(string message) : Exception(message);
