using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Proxy.Tests.Support;

/// <summary>
/// An issuer in the test process: discovery document and key set over HTTPS on loopback, and tokens of every kind, also wrong ones.
/// Fast and obedient; for a provider that we did not write, see <see cref="OidcProviderProcess"/>.
/// </summary>
public sealed class TestIdentityProvider : IAsyncDisposable
{
    public const string Audience = "phigate";
    private readonly WebApplication _application;
    private readonly List<ECDsaSecurityKey> _published = [];
    private readonly Lock _gate = new();
    private ECDsaSecurityKey _signing;
    private const string DeviceCode = "device-code-1";
    private const string RefreshToken = "refresh-token-1";
    private int _keySetRequests;
    private int _polls;

    private TestIdentityProvider(WebApplication application)
    {
        _application = application;
        _signing = NewKey();
        _published.Add(_signing);
    }

    public Uri Issuer { get; private set; } = null!;

    /// <summary>How often the key set was fetched.</summary>
    public int KeySetRequests => Volatile.Read(ref _keySetRequests);

    /// <summary>When true, discovery and key set answer 503, as during an outage of the provider.</summary>
    public bool IsDown { get; set; }

    public static async Task<TestIdentityProvider> StartAsync(bool https = true)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (https)
                listen.UseHttps(TestCertificates.Shared.Server);
        }));
        builder.WebHost.UseKestrelHttpsConfiguration();
        var application = builder.Build();
        var provider = new TestIdentityProvider(application);
        application.MapGet("/.well-known/openid-configuration", provider.Discovery);
        application.MapGet("/keys", provider.KeySet);
        application.MapPost("/device", provider.Device);
        application.MapPost("/token", provider.TokenAsync);
        await application.StartAsync();
        provider.Issuer = new UriBuilder(application.Urls.Single()) { Host = "localhost" }.Uri;
        return provider;
    }

    /// <summary>A token that a correct gateway accepts, unless the arguments say otherwise.</summary>
    /// <param name="claims">Further claims; one named as a standard claim replaces it, and a null value removes it.</param>
    public string IssueToken(
        string subject = "agent-1",
        IReadOnlyDictionary<string, object?>? claims = null,
        TimeSpan? lifetime = null,
        SecurityKey? signedBy = null,
        string algorithm = SecurityAlgorithms.EcdsaSha256)
    {
        var now = DateTimeOffset.UtcNow;
        var all = new Dictionary<string, object?>
        {
            ["iss"] = Issuer.AbsoluteUri.TrimEnd('/'),
            ["aud"] = Audience,
            ["sub"] = subject,
            ["iat"] = now.ToUnixTimeSeconds(),
            ["nbf"] = now.AddMinutes(-10).ToUnixTimeSeconds(),
            ["exp"] = now.Add(lifetime ?? TimeSpan.FromMinutes(10)).ToUnixTimeSeconds(),
            ["jti"] = Guid.NewGuid().ToString("N"),
        };
        foreach (var (name, value) in claims ?? new Dictionary<string, object?>())
            all[name] = value;
        SecurityKey key;
        lock (_gate)
            key = signedBy ?? _signing;
        var handler = new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false };
        return handler.CreateToken(new SecurityTokenDescriptor
        {
            Claims = all.Where(claim => claim.Value is not null).ToDictionary(claim => claim.Key, claim => claim.Value!),
            SigningCredentials = new SigningCredentials(key, algorithm),
        });
    }

    /// <summary>Signs with a new key from now on. The old one stays published unless it is to be forgotten.</summary>
    public void RotateKey(bool forgetOld = false)
    {
        lock (_gate)
        {
            if (forgetOld)
                _published.Clear();
            _signing = NewKey();
            _published.Add(_signing);
        }
    }

    /// <summary>A key that this provider never publishes.</summary>
    public static ECDsaSecurityKey ForeignKey() => NewKey();

    /// <summary>The key set as a file for a gateway without discovery.</summary>
    public string KeySetJson()
    {
        lock (_gate)
            return $$"""{"keys":[{{string.Join(',', _published.Select(Public))}}]}""";
    }

    public async ValueTask DisposeAsync() => await _application.DisposeAsync();

    private IResult Discovery()
    {
        if (IsDown)
            return Results.StatusCode(503);
        var issuer = Issuer.AbsoluteUri.TrimEnd('/');
        return Results.Text($$"""
            {"issuer":"{{issuer}}","jwks_uri":"{{issuer}}/keys","authorization_endpoint":"{{issuer}}/authorize","token_endpoint":"{{issuer}}/token",
            "device_authorization_endpoint":"{{issuer}}/device",
            "response_types_supported":["code"],"subject_types_supported":["public"],"id_token_signing_alg_values_supported":["ES256"]}
            """, "application/json");
    }

    /// <summary>RFC 8628 §3.2; the person is at the other device at once.</summary>
    private IResult Device() => Results.Text(
        $$"""{"device_code":"{{DeviceCode}}","user_code":"ABCD-EFGH","verification_uri":"{{Issuer}}device","expires_in":60,"interval":1}""", "application/json");

    /// <summary>The first poll comes too early; later ones, and a refresh, get a token.</summary>
    private async Task<IResult> TokenAsync(HttpRequest request)
    {
        var form = await request.ReadFormAsync();
        var isRefresh = form["grant_type"] == "refresh_token" && form["refresh_token"] == RefreshToken;
        if (!isRefresh && form["device_code"] != DeviceCode)
            return Results.Json(new { error = "invalid_grant" }, statusCode: 400);
        if (!isRefresh && Interlocked.Increment(ref _polls) == 1)
            return Results.Json(new { error = "authorization_pending" }, statusCode: 400);
        var token = IssueToken(isRefresh ? "refreshed-person" : "person");
        // The first token is as good as over, so that it has to be renewed.
        return Results.Json(new { access_token = token, token_type = "Bearer", expires_in = isRefresh ? 600 : 10, refresh_token = RefreshToken });
    }

    private IResult KeySet()
    {
        Interlocked.Increment(ref _keySetRequests);
        return IsDown ? Results.StatusCode(503) : Results.Text(KeySetJson(), "application/json");
    }

    private static ECDsaSecurityKey NewKey() =>
        new(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture) };

    private static string Public(ECDsaSecurityKey key)
    {
        var point = key.ECDsa.ExportParameters(includePrivateParameters: false).Q;
        return $$"""{"kty":"EC","crv":"P-256","use":"sig","alg":"ES256","kid":"{{key.KeyId}}","x":"{{Base64UrlEncoder.Encode(point.X)}}","y":"{{Base64UrlEncoder.Encode(point.Y)}}"}""";
    }
}
