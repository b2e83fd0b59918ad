namespace Proxy.Host.Identity.Revocation;

/// <summary>What came of it.</summary>
/// <param name="SessionsEnded">Live sessions that it was about; all are over now.</param>
/// <param name="Problem">What the operator has to mend: it was not recorded, or would not survive a restart, or could not be done. Null when all is well.</param>
public sealed record RevokeReply(int SessionsEnded, string? Problem)
{
    /// <summary>False: nothing has changed.</summary>
    public bool HasTakenEffect { get; init; } = true;

    /// <summary>Nothing was done.</summary>
    public static RevokeReply Nothing(string problem) => new(0, problem) { HasTakenEffect = false };
}
