using Proxy.Core.Policy;

namespace Proxy.Host.Identity;

/// <summary>What came of a token: a principal, or a refusal. Exactly one is set.</summary>
public sealed record TokenOutcome
{
    private TokenOutcome()
    {
    }

    public Principal? Principal { get; private init; }
    public Refusal? Refusal { get; private init; }

    /// <summary>For the record of refused sign-ins: what was wrong, in more detail than the client is told. Never the token or a part of its signature.</summary>
    public string Detail { get; private init; } = "";

    public static TokenOutcome Admitted(Principal principal) => new() { Principal = principal };

    /// <param name="why">What the client may know.</param>
    /// <param name="detail">What only the record says; null when there is no more than why.</param>
    public static TokenOutcome Refused(RefusalKind kind, string why, string? detail = null)
    {
        // Both go through the same cleaning: a hostile token chooses some of these characters.
        var refusal = kind.Because(why);
        return new TokenOutcome { Refusal = refusal, Detail = detail is null ? refusal.Why : kind.Because(detail).Why };
    }
}
