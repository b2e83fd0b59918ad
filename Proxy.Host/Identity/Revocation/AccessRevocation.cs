using Proxy.Core.Policy;

namespace Proxy.Host.Identity.Revocation;

/// <summary>A revocation: whose access ended, when, until when, and who said so.</summary>
public sealed record AccessRevocation
{
    public required RevokedSubject Subject { get; init; }

    public required string Value { get; init; }

    /// <summary>The issuer's URL; null: of whatever issuer.</summary>
    public string? Issuer { get; init; }

    public required string RevokedBy { get; init; }

    public string Reason { get; init; } = "";

    public DateTimeOffset At { get; init; }

    public DateTimeOffset Until { get; init; } = DateTimeOffset.MaxValue;

    /// <summary>Where it stands in the journal and in answers.</summary>
    public static string NameOf(RevokedSubject subject) => subject.ToString().ToLowerInvariant();

    /// <summary>
    /// Whether it is about this access. In doubt it is: an agent without a name of its own is its subject, an actor further back in the chain counts,
    /// and a human who signs in alone is the subject.
    /// </summary>
    public bool Concerns(Principal principal, string? grant, Guid? sessionId)
    {
        if (Issuer is not null && Issuer != principal.Issuer)
            return false;
        return Subject switch
        {
            RevokedSubject.Token => principal.TokenId == Value,
            RevokedSubject.Agent => principal.Agent == Value || (principal.Agent is null && principal.Subject == Value) || principal.Actors.Contains(Value),
            RevokedSubject.Human => principal.Human == Value || principal.Subject == Value,
            RevokedSubject.Grant => grant == Value,
            RevokedSubject.Session => sessionId is { } id && Guid.TryParse(Value, out var revoked) && id == revoked,
            _ => true,
        };
    }
}
