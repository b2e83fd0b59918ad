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

    private static readonly FrozenSet<string> Consumed = new[] { "iss", "sub", "aud", "exp", "nbf", "iat", "jti" }.ToFrozenSet();

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
            || !TryName(payload, "jti", out var tokenId, out problem))
            return null;
        if (isDelegated && claims.Agent is null && agent is null)
        {
            // Somebody acts for the subject and the token does not say who: guessing would record the human as acting alone.
            problem = "claim act has no sub";
            return null;
        }
        if (!TryTexts(Resolve(payload, claims.Groups), out var groups))
        {
            problem = $"claim {claims.Groups} is not a list of texts";
            return null;
        }
        return new Principal
        {
            Issuer = issuer.Issuer,
            Subject = subject,
            Agent = agent,
            Human = human,
            Groups = groups,
            Claims = Others(payload),
            TokenId = tokenId,
            ExpiresAt = expiresAt,
        };
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
        if (Resolve(payload, path) is not { } value)
            return true;
        name = value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number => value.GetRawText(),
            _ => null,
        };
        if (!string.IsNullOrEmpty(name) && name.Length <= NameCharsMax && !name.Any(char.IsControl))
            return true;
        problem = $"claim {path} is not a name";
        name = null;
        return false;
    }

    private static JsonElement? Resolve(JsonElement payload, string path)
    {
        if (!path.StartsWith('/'))
            return payload.TryGetProperty(path, out var claim) ? claim : null;
        var element = payload;
        foreach (var segment in path[1..].Split('/'))
        {
            var name = segment.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (element.ValueKind is not JsonValueKind.Object || !element.TryGetProperty(name, out element))
                return null;
        }
        return element;
    }

    /// <summary>
    /// Every other claim that is simple. Nothing is cut off here, since a rule that refuses may ask for what would be missing; the size of the
    /// token limits it.
    /// </summary>
    private static FrozenDictionary<string, ImmutableArray<string>> Others(JsonElement payload)
    {
        var claims = new Dictionary<string, ImmutableArray<string>>();
        foreach (var claim in payload.EnumerateObject())
            if (!Consumed.Contains(claim.Name) && TryTexts(claim.Value, out var texts))
                claims[claim.Name] = texts;
        return claims.ToFrozenDictionary();
    }

    private static bool TryTexts(JsonElement? value, out ImmutableArray<string> texts)
    {
        texts = [];
        if (value is null)
            return true;
        if (value.Value.ValueKind is not JsonValueKind.Array)
        {
            if (Text(value.Value) is not { } single)
                return false;
            texts = [single];
            return true;
        }
        var all = ImmutableArray.CreateBuilder<string>(value.Value.GetArrayLength());
        foreach (var item in value.Value.EnumerateArray())
        {
            if (Text(item) is not { } text)
                return false;
            all.Add(text);
        }
        texts = all.ToImmutable();
        return true;
    }

    private static string? Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.GetRawText(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => null,
    };
}
