namespace Proxy.Core.Journal.Recovery;

/// <summary>A statement that may have been forwarded, and of which the record does not say how it ended.</summary>
/// <param name="Number">The number of its Intent (simple query) or Execution.</param>
/// <param name="SessionId">The session that sent it.</param>
public readonly record struct UnknownOutcome(long Number, Guid SessionId);
