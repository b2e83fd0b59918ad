using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Proxy.Core.Policy;
using Proxy.Host.Configuration.Gateway;

namespace Proxy.Host.Identity;

/// <summary>What an issuer's rules ask of the claims of a token that is otherwise good. Null where nothing is wrong.</summary>
internal static class TokenClaims
{
    /// <summary>Claims that only ID tokens have (OpenID Connect Core §2, §3.3.2.11): an ID token says who signed in, and gives access to nothing.</summary>
    private static readonly string[] MarksOfIdTokens = ["nonce", "at_hash", "c_hash", "s_hash"];

    public static TokenOutcome? Check(JsonElement payload, IssuerOptions issuer, string? certificateThumbprint) =>
        CheckUse(payload, issuer) ?? CheckRequired(payload, issuer) ?? CheckGroups(payload, issuer) ?? CheckBinding(payload, issuer, certificateThumbprint);

    private static TokenOutcome? CheckUse(JsonElement payload, IssuerOptions issuer)
    {
        foreach (var mark in MarksOfIdTokens)
            if (payload.TryGetProperty(mark, out _))
                return TokenOutcome.Refused(Refusals.TokenType, "it has the marks of an ID token", $"claim {mark}, issuer {issuer.Name}");
        return null;
    }

    private static TokenOutcome? CheckRequired(JsonElement payload, IssuerOptions issuer)
    {
        foreach (var (path, values) in issuer.RequiredClaims)
            if (!ClaimPath.TryTexts(ClaimPath.Resolve(payload, path), out var texts)
                || !texts.Any(text => values.Any(value => new TextPattern(value).IsMatch(text))))
                return TokenOutcome.Refused(Refusals.TokenClaims, $"claim {path} is not as required", $"claim {path}, issuer {issuer.Name}");
        return null;
    }

    /// <summary>
    /// Entra leaves the groups out when there are too many, and points to where they could be asked for: a rule that refuses a group must not
    /// miss it for that.
    /// </summary>
    private static TokenOutcome? CheckGroups(JsonElement payload, IssuerOptions issuer)
    {
        var isLeftOut = (payload.TryGetProperty("hasgroups", out var hasGroups) && hasGroups.ValueKind is JsonValueKind.True)
            || (payload.TryGetProperty("_claim_names", out var names) && names.ValueKind is JsonValueKind.Object
                && names.TryGetProperty(issuer.Claims.Groups, out _));
        return isLeftOut && ClaimPath.Resolve(payload, issuer.Claims.Groups) is null
            ? TokenOutcome.Refused(Refusals.TokenClaims, "the groups were too many for the token and are left out", $"groups overage, issuer {issuer.Name}")
            : null;
    }

    /// <summary>A token can be bound to a certificate (RFC 8705 §3.1). Bindings that no database protocol can prove (DPoP) are refused, not ignored.</summary>
    private static TokenOutcome? CheckBinding(JsonElement payload, IssuerOptions issuer, string? certificateThumbprint)
    {
        if (!payload.TryGetProperty("cnf", out var confirmation))
            return issuer.RequireClientCertificate
                ? TokenOutcome.Refused(Refusals.TokenBinding, "the token is bound to no certificate", $"no cnf, issuer {issuer.Name}")
                : null;
        if (confirmation.ValueKind is not JsonValueKind.Object || confirmation.EnumerateObject().Count() != 1
            || TokenContent.Text(confirmation, "x5t#S256") is not { } expected)
            return TokenOutcome.Refused(Refusals.TokenBinding, "the token is bound in a way that is not supported", $"cnf, issuer {issuer.Name}");
        if (certificateThumbprint is null)
            return TokenOutcome.Refused(Refusals.TokenBinding, "the connection shows no certificate", $"cnf without a certificate, issuer {issuer.Name}");
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(certificateThumbprint))
            ? null
            : TokenOutcome.Refused(Refusals.TokenBinding, "the connection shows another certificate", $"cnf with another certificate, issuer {issuer.Name}");
    }
}
