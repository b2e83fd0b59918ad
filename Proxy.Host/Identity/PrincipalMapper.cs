using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using Proxy.Core.Policy;
using Proxy.Host.Configuration.Gateway;

namespace Proxy.Host.Identity;

/// <summary>Reads who is asking out of a token that has been validated.</summary>
internal static class PrincipalMapper
{
    private const int NameCharsMax = 512;

    /// <summary>Who acts for whom for whom: a longer chain than this names nobody responsible.</summary>
    private const int ActorsMax = 8;

    private static readonly FrozenSet<string> Consumed = new[] { "iss", "sub", "aud", "exp", "nbf", "iat", "jti", "cnf" }.ToFrozenSet();

    /// <summary>Null when a claim that is needed is missing or unusable; the problem names it.</summary>
    public static Principal? Map(JsonElement payload, IssuerOptions issuer, DateTimeOffset expiresAt, out string problem)
    {
        var claims = issuer.Claims;
        var isDelegated = payload.TryGetProperty("act", out _);
        if (!TryName(payload, claims.Subject, out var subject, out problem) || subject is null)
        {
            problem = problem.Length > 0 ? problem : $"claim {claims.Subject} is missing";
            return null;
        }
        if (!TryFirst(payload, claims.Agent ?? (isDelegated ? ["/act/sub"] : ["azp", "client_id"]), out var agent, out problem)
            || !TryFirst(payload, claims.Human ?? (isDelegated ? [claims.Subject] : []), out var human, out problem)
            || !TryFirst(payload, claims.Task, out var task, out problem)
            || !TryFirst(payload, claims.Workload, out var workload, out problem)
            || !TryName(payload, "jti", out var tokenId, out problem)
            || !TryActors(payload, out var actors, out problem))
            return null;
        if (isDelegated && claims.Agent is null && agent is null)
        {
            // Somebody acts for the subject and the token does not say who: guessing would record the human as acting alone.
            problem = "claim act has no sub";
            return null;
        }
        if (!ClaimPath.TryTexts(ClaimPath.Resolve(payload, claims.Groups), out var groups) || !groups.All(ShownText.IsLine))
        {
            problem = $"claim {claims.Groups} is not a list of texts";
            return null;
        }
        var owner = human is null && agent is not null ? issuer.Owners.GetValueOrDefault(agent) : null;
        return new Principal
        {
            Issuer = issuer.Issuer,
            Subject = subject,
            Agent = agent,
            Human = human ?? owner,
            Task = task,
            Workload = workload,
            Groups = groups,
            Actors = actors,
            Claims = Others(payload),
            TokenId = tokenId,
            Marks = Marks(claims, humanIsMapped: owner is not null),
            ExpiresAt = expiresAt,
        };
    }

    /// <summary>What the issuer signs is verified, but for what the holder chose itself; an owner comes from the operator.</summary>
    private static IdentityMarks Marks(ClaimMapOptions claims, bool humanIsMapped)
    {
        Provenance Of(string fact) => claims.SelfDeclared.Contains(fact) ? Provenance.SelfDeclared : Provenance.Verified;
        return new IdentityMarks
        {
            Agent = Of("agent"),
            // The owner of an agent that only says who it is is no better known than the agent.
            Human = humanIsMapped ? (Provenance)Math.Min((byte)Provenance.Mapped, (byte)Of("agent")) : Of("human"),
            Task = Of("task"),
            Workload = Of("workload"),
            Groups = Of("groups"),
        };
    }

    /// <summary>The chain of RFC 8693 §4.1, the present actor first. One without a subject ends it unless it is the first.</summary>
    private static bool TryActors(JsonElement payload, out ImmutableArray<string> actors, out string problem)
    {
        var chain = ImmutableArray.CreateBuilder<string>();
        actors = [];
        problem = "";
        var holder = payload;
        while (holder.TryGetProperty("act", out var actor))
        {
            if (actor.ValueKind is not JsonValueKind.Object || chain.Count == ActorsMax)
            {
                problem = "claim act is no chain of actors";
                return false;
            }
            if (!TryName(actor, "sub", out var name, out problem))
                return false;
            if (name is not null)
                chain.Add(name);
            holder = actor;
        }
        actors = chain.ToImmutable();
        return true;
    }

    private static bool TryFirst(JsonElement payload, ImmutableArray<string> paths, out string? name, out string problem)
    {
        name = null;
        problem = "";
        foreach (var path in paths)
        {
            if (!TryName(payload, path, out name, out problem))
                return false;
            if (name is not null)
                return true;
        }
        return true;
    }

    /// <summary>A name: null when the claim is not there; false when it is there and is no usable name.</summary>
    private static bool TryName(JsonElement payload, string path, out string? name, out string problem)
    {
        name = null;
        problem = "";
        if (ClaimPath.Resolve(payload, path) is not { } value)
            return true;
        name = value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number => value.GetRawText(),
            _ => null,
        };
        if (IsName(name))
            return true;
        problem = $"claim {path} is not a name";
        name = null;
        return false;
    }

    private static bool IsName(string? name) => !string.IsNullOrEmpty(name) && name.Length <= NameCharsMax && ShownText.IsName(name);

    /// <summary>
    /// Every other claim that is simple. Nothing is cut off here, since a rule that refuses may ask for what would be missing; the size of the
    /// token limits it.
    /// </summary>
    private static FrozenDictionary<string, ImmutableArray<string>> Others(JsonElement payload)
    {
        var claims = new Dictionary<string, ImmutableArray<string>>();
        foreach (var claim in payload.EnumerateObject())
            if (!Consumed.Contains(claim.Name) && ClaimPath.TryTexts(claim.Value, out var texts))
                claims[claim.Name] = texts;
        return claims.ToFrozenDictionary();
    }
}
