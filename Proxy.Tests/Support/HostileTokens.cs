using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Proxy.Core.Policy;
using Proxy.Host.Identity;

namespace Proxy.Tests.Support;

/// <summary>
/// Tokens that must not admit, each with the code that it gets. Every case but one starts from the same good token. There are four issuers: one itself,
/// one under <c>/strict</c> that issues at+jwt alone, one under <c>/parties</c> whose tokens must be for client-a, one under <c>/tenants</c> that has many
/// tenants, of which one may come in.
/// </summary>
/// <param name="issuer">The first one's URL.</param>
/// <param name="time">What is the present.</param>
public sealed class HostileTokens(string issuer, TimeProvider time)
{
    public const string Tenant = "11111111-1111-1111-1111-111111111111";

    /// <summary>All of them as gateway.yaml has them.</summary>
    public static string Issuers(string issuer, string keySetPath) => $"""
        - name: hostile
          issuer: {issuer}
          audiences: [phigate]
          jwks-file: {keySetPath}
        - name: strict
          issuer: {issuer}/strict
          audiences: [phigate]
          jwks-file: {keySetPath}
          types: [at+jwt]
        - name: parties
          issuer: {issuer}/parties
          audiences: [phigate]
          jwks-file: {keySetPath}
          authorized-parties: [client-a]
          allow-several-audiences: true
        - name: tenants
          issuer: {issuer}/tenants
          audiences: [phigate]
          jwks-file: {keySetPath}
          required-claims:
            tid: ["{Tenant}"]
        """;

    /// <summary>What a token gets that is sent as a password: a message over its limit is not read, so nobody knows what is in it.</summary>
    public static RefusalKind OnTheWire(HostileToken token) => token.Refusal.Code == Refusals.TokenTooLarge.Code ? Refusals.ProtocolViolation : token.Refusal;

    private string Issuer => issuer;

    private DateTimeOffset Now => time.GetUtcNow();


    private ECDsaSecurityKey Key { get; } = new(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = "key-1" };
    public RsaSecurityKey Rsa { get; } = new(RSA.Create(2048)) { KeyId = "rsa-1" };
    private RsaSecurityKey WeakRsa { get; } = new(RSA.Create(1024)) { KeyId = "weak" };
    private string RsaPublicPem => Rsa.Rsa.ExportSubjectPublicKeyInfoPem();

    /// <summary>The issuers' key set: good keys, and keys that must not be used.</summary>
    public string KeySet()
    {
        static string EcKey(ECDsaSecurityKey key, string kid, string more = "")
        {
            var point = key.ECDsa.ExportParameters(false).Q;
            return $$"""{"kty":"EC","crv":"P-256","kid":"{{kid}}","x":"{{Base64UrlEncoder.Encode(point.X)}}","y":"{{Base64UrlEncoder.Encode(point.Y)}}"{{more}}}""";
        }
        static string RsaKey(RsaSecurityKey key, string kid)
        {
            var parameters = key.Rsa.ExportParameters(false);
            return $$"""{"kty":"RSA","kid":"{{kid}}","n":"{{Base64UrlEncoder.Encode(parameters.Modulus)}}","e":"{{Base64UrlEncoder.Encode(parameters.Exponent)}}"}""";
        }
        string[] keys =
        [
            EcKey(Key, "key-1"), EcKey(Key, "for-encryption", ",\"use\":\"enc\""), EcKey(Key, "for-es384", ",\"alg\":\"ES384\""),
            RsaKey(Rsa, "rsa-1"), RsaKey(WeakRsa, "weak"), """{"kty":"oct","kid":"secret","k":"c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0"}""",
        ];
        return $$"""{"keys":[{{string.Join(',', keys)}}]}""";
    }

    public Dictionary<string, object> Claims() => new()
    {
        ["iss"] = Issuer,
        ["aud"] = "phigate",
        ["sub"] = "agent-1",
        ["iat"] = Now.ToUnixTimeSeconds(),
        ["exp"] = Now.AddMinutes(10).ToUnixTimeSeconds(),
    };

    public string Sign(
        Dictionary<string, object> claims, SecurityKey? key = null, string algorithm = "ES256", string? type = "at+jwt", Dictionary<string, object>? header = null) =>
        new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Claims = claims,
            TokenType = type,
            AdditionalHeaderClaims = header,
            SigningCredentials = new SigningCredentials(key ?? Key, algorithm),
        });

    public string With(string claim, object value) => Sign(new Dictionary<string, object>(Claims()) { [claim] = value });

    private string Without(string claim)
    {
        var claims = Claims();
        claims.Remove(claim);
        return Sign(claims);
    }

    /// <summary>A token signed by hand over exactly these texts.</summary>
    public string Raw(string header, string payload, ECDsaSecurityKey? key = null) => Raw(Encoding.UTF8.GetBytes(header), Encoding.UTF8.GetBytes(payload), key);

    private string Raw(byte[] header, byte[] payload, ECDsaSecurityKey? key = null)
    {
        var signed = Base64UrlEncoder.Encode(header) + "." + Base64UrlEncoder.Encode(payload);
        return signed + "." + Base64UrlEncoder.Encode((key ?? Key).ECDsa.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256));
    }

    public const string GoodHeader = """{"alg":"ES256","typ":"at+jwt","kid":"key-1"}""";

    public string GoodPayload(string more = "") =>
        $$"""{"iss":"{{Issuer}}","aud":"phigate","sub":"agent-1","iat":{{Now.ToUnixTimeSeconds()}},"exp":{{Now.AddMinutes(10).ToUnixTimeSeconds()}}{{more}}}""";

    private string SignedWithPublicKeyAsSecret()
    {
        // The classic confusion: HMAC with the issuer's public key, which everybody has.
        var signed = Base64UrlEncoder.Encode("""{"alg":"HS256","typ":"JWT","kid":"rsa-1"}""") + "." + Base64UrlEncoder.Encode(GoodPayload());
        return signed + "." + Base64UrlEncoder.Encode(HMACSHA256.HashData(Encoding.ASCII.GetBytes(RsaPublicPem), Encoding.ASCII.GetBytes(signed)));
    }

    /// <summary>Its claims were changed after it was signed.</summary>
    public string Tampered()
    {
        var segments = Sign(Claims()).Split('.');
        return $"{segments[0]}.{Base64UrlEncoder.Encode(GoodPayload(",\"groups\":[\"dba\"]"))}.{segments[2]}";
    }

    /// <summary>All of them, each made when it is asked for.</summary>
    public IEnumerable<HostileToken> All()
    {
        static HostileToken Case(string name, RefusalKind refusal, Func<string> token) => new(name, refusal, token);
        var foreign = TestIdentityProvider.ForeignKey();
        foreign.KeyId = "key-1";

        yield return Case("empty", Refusals.TokenMalformed, () => "");
        yield return Case("a password", Refusals.TokenMalformed, () => "hunter2");
        yield return Case("dots only", Refusals.TokenMalformed, () => "..");
        yield return Case("no signature", Refusals.TokenMalformed, () => Sign(Claims())[..(Sign(Claims()).LastIndexOf('.') + 1)]);
        yield return Case("an encrypted token (five segments)", Refusals.TokenMalformed, () => "a.b.c.d.e");
        yield return Case("garbage in base64", Refusals.TokenMalformed, () => "AAAA.AAAA.AAAA");
        yield return Case("padding", Refusals.TokenMalformed, () => Sign(Claims()) + "=");
        yield return Case("a blank at the end", Refusals.TokenMalformed, () => Sign(Claims()) + " ");
        yield return Case("not ASCII", Refusals.TokenMalformed, () => "é" + Sign(Claims()));
        yield return Case("huge", Refusals.TokenTooLarge, () => new string('a', TokenValidator.TokenBytesMax + 1));
        yield return Case("huge but well-formed", Refusals.TokenTooLarge, () => With("padding", new string('x', 32 * 1024)));
        yield return Case("header is a list", Refusals.TokenMalformed, () => Raw("[]", GoodPayload()));
        yield return Case("nested deeply", Refusals.TokenMalformed, () => Raw(GoodHeader, GoodPayload(",\"x\":" + new string('[', 100) + new string(']', 100))));
        yield return Case("duplicate subject", Refusals.TokenMalformed, () => Raw(GoodHeader, GoodPayload(",\"sub\":\"admin\"")));
        yield return Case("duplicate subject by escape", Refusals.TokenMalformed, () => Raw(GoodHeader, GoodPayload(",\"s\\u0075b\":\"admin\"")));
        yield return Case("duplicate nested actor", Refusals.TokenMalformed, () => Raw(GoodHeader, GoodPayload(",\"act\":{\"sub\":\"a\",\"sub\":\"b\"}")));
        yield return Case("duplicate algorithm", Refusals.TokenMalformed, () => Raw("""{"alg":"ES256","alg":"none","kid":"key-1"}""", GoodPayload()));
        yield return Case("half a surrogate", Refusals.TokenMalformed, () => Raw(GoodHeader, GoodPayload(",\"name\":\"\\ud800\"")));
        yield return Case("invalid UTF-8", Refusals.TokenMalformed, () => Raw(
            Encoding.UTF8.GetBytes(GoodHeader), [.. Encoding.UTF8.GetBytes(GoodPayload(",\"name\":\"")[..^1]), 0xFF, .. "\"}"u8]));
        yield return Case("critical extension", Refusals.TokenMalformed, () => Raw("""{"alg":"ES256","kid":"key-1","crit":["b64"],"b64":false}""", GoodPayload()));

        yield return Case("alg none", Refusals.TokenAlgorithm, () => Raw("""{"alg":"none","kid":"key-1"}""", GoodPayload()));
        yield return Case("alg NONE", Refusals.TokenAlgorithm, () => Raw("""{"alg":"NONE","kid":"key-1"}""", GoodPayload()));
        yield return Case("alg missing", Refusals.TokenAlgorithm, () => Raw("""{"typ":"at+jwt","kid":"key-1"}""", GoodPayload()));
        yield return Case("alg is a list", Refusals.TokenAlgorithm, () => Raw("""{"alg":["ES256"],"kid":"key-1"}""", GoodPayload()));
        yield return Case("HS256 with the public key", Refusals.TokenAlgorithm, SignedWithPublicKeyAsSecret);
        yield return Case("an algorithm that the issuer is not configured for", Refusals.TokenAlgorithm, () => Sign(Claims(), Rsa, "RS512"));
        yield return Case("a key that is for another algorithm", Refusals.TokenAlgorithm, () => Raw("""{"alg":"ES256","kid":"for-es384"}""", GoodPayload()));
        yield return Case("ES256 named, key is RSA", Refusals.TokenSignature, () => Raw("""{"alg":"ES256","kid":"rsa-1"}""", GoodPayload()));

        yield return Case("typ of something else", Refusals.TokenType, () => Sign(Claims(), type: "logout+jwt"));
        yield return Case("typ is a number", Refusals.TokenType, () => Raw("""{"alg":"ES256","kid":"key-1","typ":7}""", GoodPayload()));
        yield return Case("an ID token where access tokens are asked for", Refusals.TokenType, () =>
            Sign(new(Claims()) { ["iss"] = Issuer + "/strict" }, type: "JWT"));

        yield return Case("foreign issuer", Refusals.TokenIssuer, () => With("iss", "https://evil.example"));
        yield return Case("issuer with a slash more", Refusals.TokenIssuer, () => With("iss", Issuer + "/"));
        yield return Case("no issuer", Refusals.TokenIssuer, () => Without("iss"));
        yield return Case("issuer is a list", Refusals.TokenIssuer, () => Raw(GoodHeader, GoodPayload().Replace($"\"{Issuer}\"", $"[\"{Issuer}\"]", StringComparison.Ordinal)));

        yield return Case("no kid", Refusals.TokenKey, () => Raw("""{"alg":"ES256","typ":"at+jwt"}""", GoodPayload()));
        yield return Case("unknown kid", Refusals.TokenKey, () => Raw("""{"alg":"ES256","kid":"other"}""", GoodPayload()));
        yield return Case("kid of a symmetric key in the key set", Refusals.TokenKey, () => Raw("""{"alg":"ES256","kid":"secret"}""", GoodPayload()));
        yield return Case("kid of an encryption key", Refusals.TokenKey, () => Raw("""{"alg":"ES256","kid":"for-encryption"}""", GoodPayload()));
        yield return Case("kid of an RSA key of 1024 bits", Refusals.TokenKey, () => Raw("""{"alg":"RS256","kid":"weak"}""", GoodPayload()));
        yield return Case("key offered in the header", Refusals.TokenKey, () => Raw(
            """{"alg":"ES256","kid":"mine","jku":"https://evil.example/keys","x5u":"https://evil.example/x","jwk":{"kty":"EC"}}""", GoodPayload(), foreign));

        yield return Case("signed with another key of the same kid", Refusals.TokenSignature, () => Sign(Claims(), foreign));
        yield return Case("changed after signing", Refusals.TokenSignature, Tampered);
        yield return Case("signature of zeros", Refusals.TokenSignature, () => Sign(Claims())[..(Sign(Claims()).LastIndexOf('.') + 1)] + new string('A', 86));

        yield return Case("another audience", Refusals.TokenAudience, () => With("aud", "billing"));
        yield return Case("audience in other case", Refusals.TokenAudience, () => With("aud", "PhiGate"));
        yield return Case("no audience", Refusals.TokenAudience, () => Without("aud"));
        yield return Case("several audiences", Refusals.TokenAudience, () => With("aud", new[] { "phigate", "billing" }));
        yield return Case("audience list with a number", Refusals.TokenMalformed, () => Raw(GoodHeader, GoodPayload().Replace("\"phigate\"", "[\"phigate\",7]", StringComparison.Ordinal)));
        yield return Case("another authorized party", Refusals.TokenAudience, () =>
            Sign(new(Claims()) { ["iss"] = Issuer + "/parties", ["azp"] = "client-b" }));
        yield return Case("no authorized party where one is asked for", Refusals.TokenAudience, () => Sign(new(Claims()) { ["iss"] = Issuer + "/parties" }));

        yield return Case("expired", Refusals.TokenExpired, () => With("exp", Now.AddSeconds(-31).ToUnixTimeSeconds()));
        yield return Case("not yet valid", Refusals.TokenNotYetValid, () => With("nbf", Now.AddSeconds(31).ToUnixTimeSeconds()));
        yield return Case("issued in the future", Refusals.TokenNotYetValid, () => With("iat", Now.AddSeconds(31).ToUnixTimeSeconds()));
        yield return Case("no expiry", Refusals.TokenLifetime, () => Without("exp"));
        yield return Case("expiry is a text", Refusals.TokenLifetime, () => With("exp", "2099"));
        yield return Case("expiry beyond all time", Refusals.TokenMalformed, () => Raw(GoodHeader, GoodPayload().Replace(
            $"\"exp\":{Now.AddMinutes(10).ToUnixTimeSeconds()}", "\"exp\":1e300", StringComparison.Ordinal)));
        yield return Case("lives for a day", Refusals.TokenLifetime, () => With("exp", Now.AddDays(1).ToUnixTimeSeconds()));

        yield return Case("no subject", Refusals.TokenClaims, () => Without("sub"));
        yield return Case("empty subject", Refusals.TokenClaims, () => With("sub", ""));
        yield return Case("subject with a line feed", Refusals.TokenClaims, () => With("sub", "a\nb"));
        yield return Case("subject of 600 characters", Refusals.TokenClaims, () => With("sub", new string('s', 600)));
        yield return Case("subject that is shown backwards", Refusals.TokenClaims, () => With("sub", "agent\u202E1-"));
        yield return Case("subject with what is not seen", Refusals.TokenClaims, () => With("sub", "agent-1\u200B"));
        yield return Case("subject with a line separator", Refusals.TokenClaims, () => With("sub", "agent-1\u2028agent-2"));
        yield return Case("another tenant of the issuer", Refusals.TokenClaims, () =>
            Sign(new(Claims()) { ["iss"] = Issuer + "/tenants", ["tid"] = "22222222-2222-2222-2222-222222222222" }));
        yield return Case("a list of another tenant", Refusals.TokenClaims, () =>
            Sign(new(Claims()) { ["iss"] = Issuer + "/tenants", ["tid"] = new[] { "22222222-2222-2222-2222-222222222222" } }));
        yield return Case("no tenant", Refusals.TokenClaims, () => Sign(new(Claims()) { ["iss"] = Issuer + "/tenants" }));
        yield return Case("group with an escape sequence", Refusals.TokenClaims, () => With("groups", new[] { "agents", "\u001B[2J" }));
        yield return Case("groups of objects", Refusals.TokenClaims, () => Raw(GoodHeader, GoodPayload(",\"groups\":[{}]")));
        yield return Case("an ID token that calls itself an access token", Refusals.TokenType, () => With("at_hash", "x"));
        yield return Case("an ID token by its nonce", Refusals.TokenType, () => With("nonce", "n-1"));
        yield return Case("kid that is a path", Refusals.TokenKey, () => Raw("""{"alg":"ES256","kid":"../../../../dev/null"}""", GoodPayload()));
        yield return Case("kid that is SQL", Refusals.TokenKey, () => Raw("""{"alg":"ES256","kid":"' or 1=1 --"}""", GoodPayload()));
        yield return Case("kid with a NUL", Refusals.TokenKey, () => Raw("""{"alg":"ES256","kid":"key-1\u0000"}""", GoodPayload()));
        yield return Case("kid of a thousand characters", Refusals.TokenKey, () => Raw($$"""{"alg":"ES256","kid":"{{new string('k', 1000)}}"}""", GoodPayload()));
        yield return Case("a token in a token", Refusals.TokenMalformed, () => Raw("""{"alg":"ES256","typ":"at+jwt","cty":"JWT","kid":"key-1"}""", Sign(Claims())));
        yield return Case("groups left out because they are too many", Refusals.TokenClaims, () => Raw(GoodHeader, GoodPayload(",\"_claim_names\":{\"groups\":\"src1\"}")));
        yield return Case("groups left out in the implicit flow", Refusals.TokenClaims, () => Raw(GoodHeader, GoodPayload(",\"hasgroups\":true")));
        yield return Case("bound to a certificate that is not shown", Refusals.TokenBinding, () => Raw(GoodHeader, GoodPayload(",\"cnf\":{\"x5t#S256\":\"abc\"}")));
        yield return Case("bound to a key that nobody can prove here (DPoP)", Refusals.TokenBinding, () => Raw(GoodHeader, GoodPayload(",\"cnf\":{\"jkt\":\"abc\"}")));
        yield return Case("bound in two ways", Refusals.TokenBinding, () => Raw(GoodHeader, GoodPayload(",\"cnf\":{\"x5t#S256\":\"abc\",\"jkt\":\"abc\"}")));
        yield return Case("bound by a text", Refusals.TokenBinding, () => Raw(GoodHeader, GoodPayload(",\"cnf\":\"abc\"")));
        yield return Case("actors without end", Refusals.TokenClaims, () => Raw(GoodHeader, GoodPayload(
            "," + string.Concat(Enumerable.Repeat("\"act\":{\"sub\":\"a\",", 9)) + "\"x\":1" + new string('}', 9))));
        yield return Case("an actor that is a text", Refusals.TokenClaims, () => Raw(GoodHeader, GoodPayload(",\"act\":\"robot\"")));
        yield return Case("delegation to nobody", Refusals.TokenClaims, () => Raw(GoodHeader, GoodPayload(",\"act\":{}")));
        yield return Case("delegation to an object", Refusals.TokenClaims, () => Raw(GoodHeader, GoodPayload(",\"act\":{\"sub\":{}}")));
    }
}
