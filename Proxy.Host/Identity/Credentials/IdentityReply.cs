using System.Collections.Immutable;
using Proxy.Core.Policy;

namespace Proxy.Host.Identity.Credentials;

/// <summary>Who a token says that somebody is, how each fact is known, and where they may go.</summary>
public sealed record IdentityReply
{
    public required string Issuer { get; init; }
    public required string Subject { get; init; }
    public string? Agent { get; init; }
    public string? Human { get; init; }
    public string? Task { get; init; }
    public string? Workload { get; init; }
    public ImmutableArray<string> Groups { get; init; } = [];
    public ImmutableArray<string> Actors { get; init; } = [];
    public string? TokenId { get; init; }

    /// <summary>Fact → verified, mapped or self-declared.</summary>
    public required ImmutableDictionary<string, string> KnownAs { get; init; }
    public required DateTimeOffset SessionsEndAt { get; init; }
    public required ImmutableArray<string> Targets { get; init; }

    public static IdentityReply Of(Principal principal, ImmutableArray<string> targets)
    {
        var known = ImmutableDictionary.CreateBuilder<string, string>();
        void Mark(string name, bool isThere, Provenance provenance)
        {
            if (isThere) known[name] = ProvenanceNames.Format(provenance);
        }

        Mark("agent", principal.Agent is not null, principal.Marks.Agent);
        Mark("human", principal.Human is not null, principal.Marks.Human);
        Mark("task", principal.Task is not null, principal.Marks.Task);
        Mark("workload", principal.Workload is not null, principal.Marks.Workload);
        Mark("groups", !principal.Groups.IsEmpty, principal.Marks.Groups);
        return new IdentityReply
        {
            Issuer = principal.Issuer,
            Subject = principal.Subject,
            Agent = principal.Agent,
            Human = principal.Human,
            Task = principal.Task,
            Workload = principal.Workload,
            Groups = principal.Groups,
            Actors = principal.Actors,
            TokenId = principal.TokenId,
            KnownAs = known.ToImmutable(),
            SessionsEndAt = principal.ExpiresAt,
            Targets = targets,
        };
    }
}
