using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;
using Proxy.Core.Policy;
using Proxy.Host.Configuration.Gateway;

namespace Proxy.Host.Identity;

/// <summary>
/// Decides whether a token admits (RFC 8725, RFC 9068). Thread-safe. The header's jku, x5u, jwk and x5c are never looked at: keys come from the
/// issuer that the operator trusts, by kid, and from nowhere else. The library verifies signatures; it would make texts of tokens, which nobody could clear,
/// so everything else is read here.
/// </summary>
public sealed class TokenValidator : IDisposable
{
    public const int TokenBytesMax = 32 * 1024;

    private const int KidCharsMax = 256;

    private static readonly FrozenSet<string> Asymmetric =
        new[] { "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512" }.ToFrozenSet();

    private static readonly string[] Times = ["exp", "nbf", "iat"];

    private readonly TimeProvider _time;
    private readonly ILogger _log;

    private FrozenDictionary<string, TrustedIssuer> _issuers = FrozenDictionary<string, TrustedIssuer>.Empty;

    public TokenValidator(ImmutableArray<IssuerOptions> issuers, TimeProvider time, ILogger log)
    {
        _time = time;
        _log = log;
        Update(issuers);
    }

    /// <summary>Per issuer, for readiness and metrics.</summary>
    public ImmutableArray<IssuerStatus> Status => [.. Volatile.Read(ref _issuers).Values.Select(issuer => issuer.Keys.Status)];

    /// <summary>
    /// Follows a new configuration; keys of issuers that stay are kept. Called by one thread at a time. An issuer that is gone admits nobody
    /// from now on; sessions that it admitted are the caller's to end.
    /// </summary>
    public void Update(ImmutableArray<IssuerOptions> issuers)
    {
        var before = _issuers;
        var after = issuers.ToFrozenDictionary(issuer => issuer.Issuer, issuer => new TrustedIssuer(issuer, KeysOf(issuer, before)));
        Volatile.Write(ref _issuers, after);
        foreach (var old in before.Values)
            if (!after.Values.Any(issuer => ReferenceEquals(issuer.Keys, old.Keys)))
                old.Keys.Dispose();
    }

    /// <summary>The same with a token as text, for callers who have no secret to keep: a text stays in memory.</summary>
    public ValueTask<TokenOutcome> ValidateAsync(string token, CancellationToken cancellationToken, string? certificateThumbprint = null) =>
        ValidateAsync(Encoding.UTF8.GetBytes(token), cancellationToken, certificateThumbprint);

    /// <summary>
    /// Never throws for what is wrong with a token. May wait for the issuer's keys: in the data plane await it off the socket thread. Nothing of the
    /// token stays in memory but what the caller has.
    /// </summary>
    /// <param name="token">As it was sent.</param>
    /// <param name="cancellationToken">Ends the wait for keys.</param>
    /// <param name="certificateThumbprint">Of the certificate that the client showed, as <c>x5t#S256</c>; null when it showed none.</param>
    public async ValueTask<TokenOutcome> ValidateAsync(ReadOnlyMemory<byte> token, CancellationToken cancellationToken, string? certificateThumbprint = null)
    {
        if (token.Length == 0)
            return TokenOutcome.Refused(Refusals.TokenMalformed, "the password is empty");
        if (token.Length > TokenBytesMax)
            return TokenOutcome.Refused(Refusals.TokenTooLarge, $"longer than {TokenBytesMax} bytes");
        using var content = TokenContent.Read(token.Span, out var problem);
        if (content is null)
            return TokenOutcome.Refused(Refusals.TokenMalformed, problem);
        return await ValidateAsync(token, content, certificateThumbprint, cancellationToken);
    }

    public void Dispose() => Update([]);

    private async ValueTask<TokenOutcome> ValidateAsync(
        ReadOnlyMemory<byte> token, TokenContent content, string? certificateThumbprint, CancellationToken cancellationToken)
    {
        if (TokenContent.Text(content.Payload, "iss") is not { } url || !Volatile.Read(ref _issuers).TryGetValue(url, out var issuer))
            return TokenOutcome.Refused(
                Refusals.TokenIssuer, "unknown issuer", $"unknown issuer {TokenContent.Text(content.Payload, "iss") ?? "(none)"}");
        if (CheckHeader(content.Header, issuer.Options) is { } badHeader)
            return badHeader;
        var kid = TokenContent.Text(content.Header, "kid");
        if (kid is not { Length: > 0 and <= KidCharsMax })
            return TokenOutcome.Refused(Refusals.TokenKey, "the header names no key", $"no usable kid, issuer {issuer.Options.Name}");

        var lookup = await issuer.Keys.FindAsync(kid, cancellationToken);
        if (lookup.IsUnavailable)
            return TokenOutcome.Refused(
                Refusals.IssuerUnavailable, "the issuer's keys cannot be had", $"keys of issuer {issuer.Options.Name}: {issuer.Keys.Status.Problem ?? "too old"}");
        if (lookup.Keys.IsEmpty)
            return TokenOutcome.Refused(Refusals.TokenKey, "the key is not one of the issuer's", $"unknown kid {kid}, issuer {issuer.Options.Name}");
        if (CheckSignature(token.Span, content, issuer.Options, lookup.Keys) is { } badSignature)
            return badSignature;
        return Admit(content.Payload, issuer.Options, certificateThumbprint);
    }

    private static TokenOutcome? CheckHeader(JsonElement header, IssuerOptions issuer)
    {
        var algorithm = TokenContent.Text(header, "alg");
        if (algorithm is null || !Asymmetric.Contains(algorithm) || !issuer.Algorithms.Contains(algorithm))
            return TokenOutcome.Refused(Refusals.TokenAlgorithm, "algorithm not allowed", $"alg {algorithm ?? "(none)"}, issuer {issuer.Name}");
        if (header.TryGetProperty("crit", out _))
            return TokenOutcome.Refused(Refusals.TokenMalformed, "the header has critical extensions, and none is understood");
        var type = header.TryGetProperty("typ", out _) ? TokenContent.Text(header, "typ") : "JWT";
        if (type is null || !issuer.Types.Contains(type, StringComparer.OrdinalIgnoreCase))
            return TokenOutcome.Refused(Refusals.TokenType, "type not accepted", $"typ {type ?? "(no text)"}, issuer {issuer.Name}");
        return null;
    }

    private static TokenOutcome? CheckSignature(ReadOnlySpan<byte> token, TokenContent content, IssuerOptions issuer, ImmutableArray<JsonWebKey> keys)
    {
        var algorithm = TokenContent.Text(content.Header, "alg")!;
        var isFitting = false;
        foreach (var key in keys)
        {
            if (!string.IsNullOrEmpty(key.Alg) && key.Alg != algorithm)
                continue;
            isFitting = true;
            if (content.IsSignedBy(token, key, algorithm))
                return null;
        }
        return isFitting
            ? TokenOutcome.Refused(Refusals.TokenSignature, "the signature does not fit", $"alg {algorithm}, issuer {issuer.Name}")
            : TokenOutcome.Refused(Refusals.TokenAlgorithm, "the key is for another algorithm", $"alg {algorithm}, issuer {issuer.Name}");
    }

    private TokenOutcome Admit(JsonElement payload, IssuerOptions issuer, string? certificateThumbprint)
    {
        if (HasImpossibleClaim(payload))
            return TokenOutcome.Refused(Refusals.TokenMalformed, "a registered claim has a value that it cannot have", $"aud, exp, nbf or iat, issuer {issuer.Name}");
        if (!IsForUs(payload, issuer))
            return Audience(issuer);
        if (!issuer.AuthorizedParties.IsEmpty
            && (TokenContent.Text(payload, "azp") is not { } party || !issuer.AuthorizedParties.Contains(party)))
            return TokenOutcome.Refused(Refusals.TokenAudience, "authorized party not accepted", $"azp, issuer {issuer.Name}");

        var now = _time.GetUtcNow();
        if (CheckTimes(payload, issuer, now, out var expiresAt) is { } badTimes)
            return badTimes;
        if (TokenClaims.Check(payload, issuer, certificateThumbprint) is { } badClaims)
            return badClaims;
        var latest = now.AddSeconds(issuer.SessionLifetimeSecondsMax);
        if (issuer.SessionLifetimeSeconds is { } ofItsOwn)
            expiresAt = now.AddSeconds(ofItsOwn);
        var principal = PrincipalMapper.Map(payload, issuer, expiresAt < latest ? expiresAt : latest, out var problem);
        return principal is null
            ? TokenOutcome.Refused(Refusals.TokenClaims, problem, $"{problem}, issuer {issuer.Name}")
            : TokenOutcome.Admitted(principal);
    }

    /// <summary>A list of audiences that are not all texts, or a time that no clock shows: made by nobody who issues tokens.</summary>
    private static bool HasImpossibleClaim(JsonElement payload) =>
        (payload.TryGetProperty("aud", out var audience) && audience.ValueKind is JsonValueKind.Array
            && audience.EnumerateArray().Any(static item => item.ValueKind is not JsonValueKind.String))
        || Times.Any(name => payload.TryGetProperty(name, out var time) && time.ValueKind is JsonValueKind.Number
            && !(time.TryGetDouble(out var seconds) && Math.Abs(seconds) < long.MaxValue));

    private static bool IsForUs(JsonElement payload, IssuerOptions issuer)
    {
        if (!payload.TryGetProperty("aud", out var audience))
            return false;
        if (audience.ValueKind is JsonValueKind.String)
            return issuer.Audiences.Contains(audience.GetString()!);
        if (audience.ValueKind is not JsonValueKind.Array || audience.EnumerateArray().Any(item => item.ValueKind is not JsonValueKind.String))
            return false;
        // A token for several can be replayed to us by any of the others.
        return (audience.GetArrayLength() == 1 || issuer.AllowSeveralAudiences)
            && audience.EnumerateArray().Any(item => issuer.Audiences.Contains(item.GetString()!));
    }

    private static TokenOutcome? CheckTimes(JsonElement payload, IssuerOptions issuer, DateTimeOffset now, out DateTimeOffset expiresAt)
    {
        var skew = TimeSpan.FromSeconds(issuer.ClockSkewSeconds);
        var isReadable = TryTime(payload, "exp", out var expires) & TryTime(payload, "nbf", out var notBefore) & TryTime(payload, "iat", out var issued);
        expiresAt = expires ?? default;
        if (!isReadable || expires is null)
            return TokenOutcome.Refused(Refusals.TokenLifetime, "exp, nbf or iat is missing or is no time", $"times, issuer {issuer.Name}");
        if (expires.Value + skew <= now)
            return TokenOutcome.Refused(Refusals.TokenExpired, "expired", $"exp {expires:u}, issuer {issuer.Name}");
        if (notBefore > now + skew || issued > now + skew)
            return TokenOutcome.Refused(Refusals.TokenNotYetValid, "not valid yet", $"nbf {notBefore:u}, iat {issued:u}, issuer {issuer.Name}");
        if (expires.Value - (issued ?? notBefore ?? now) > TimeSpan.FromSeconds(issuer.TokenLifetimeSecondsMax) + skew)
            return TokenOutcome.Refused(
                Refusals.TokenLifetime, $"lives longer than {issuer.TokenLifetimeSecondsMax} seconds", $"exp {expires:u}, issuer {issuer.Name}");
        return null;
    }

    /// <summary>A NumericDate (RFC 7519 §2), which may have a fraction. Null when it is not there; false when it is there and is no time.</summary>
    private static bool TryTime(JsonElement payload, string name, out DateTimeOffset? time)
    {
        time = null;
        if (!payload.TryGetProperty(name, out var value))
            return true;
        // Between 1970 and 9000: times that adding a skew cannot push out of range.
        if (value.ValueKind is not JsonValueKind.Number || !value.TryGetDouble(out var seconds) || seconds is not (>= 0 and < 221_845_392_000))
            return false;
        time = DateTimeOffset.UnixEpoch.AddSeconds(seconds);
        return true;
    }

    private static TokenOutcome Audience(IssuerOptions issuer) =>
        TokenOutcome.Refused(Refusals.TokenAudience, "another audience, or others beside this gateway", $"aud, issuer {issuer.Name}");

    private IssuerKeys KeysOf(IssuerOptions issuer, FrozenDictionary<string, TrustedIssuer> before)
    {
        if (before.TryGetValue(issuer.Issuer, out var known) && TrustedIssuer.HaveSameKeys(known.Options, issuer))
            return known.Keys;
        IKeySetSource source = issuer.JwksFile is { } file ? new KeySetFile(file) : new KeySetDiscovery(issuer, _time);
        return new IssuerKeys(issuer, source, _time, _log);
    }
}
