namespace Proxy.Host.Identity.Revocation;

/// <summary>What came of it.</summary>
/// <param name="SessionsEnded">Live sessions that it was about; all are over now.</param>
/// <param name="Problem">What the operator has to mend: it took effect, but is not recorded, or would not survive a restart. Null when all is well.</param>
public sealed record RevokeReply(int SessionsEnded, string? Problem);
