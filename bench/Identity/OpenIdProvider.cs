using System.Net;
using System.Net.Http.Headers;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Proxy.Bench.Identity;

/// <summary>
/// A real OpenID provider in this process (OpenIddict, without a database): discovery, key set and client credentials over HTTPS on loopback. Agents are
/// its clients; what they may do is in the claim groups.
/// </summary>
internal sealed class OpenIdProvider : IAsyncDisposable
{
    public const string Audience = "phigate";

    private readonly WebApplication _application;
    private readonly HttpClient _http;

    private OpenIdProvider(WebApplication application, Uri issuer, HttpClient http)
    {
        _application = application;
        _http = http;
        Issuer = issuer;
    }

    public Uri Issuer { get; }

    /// <param name="port">A free one.</param>
    /// <param name="certificate">For localhost, with its key.</param>
    /// <param name="authority">Who issued it, for <see cref="RequestTokenAsync"/>.</param>
    /// <param name="clients">Who can ask for tokens.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<OpenIdProvider> StartAsync(
        int port, X509Certificate2 certificate, X509Certificate2 authority, IReadOnlyCollection<OpenIdClient> clients, CancellationToken cancellationToken)
    {
        var issuer = new Uri($"https://localhost:{port}/");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen => listen.UseHttps(certificate)));
        builder.Services.AddAuthentication();
        builder.Services.AddOpenIddict().AddServer(server =>
        {
            server.SetIssuer(issuer).SetTokenEndpointUris("token").AllowClientCredentialsFlow();
            // There is no database: clients are ours to check, and nothing is remembered of tokens.
            server.EnableDegradedMode();
            server.AddSigningKey(new ECDsaSecurityKey(ECDsa.Create(ECCurve.NamedCurves.nistP256))).AddEphemeralEncryptionKey().DisableAccessTokenEncryption();
            server.SetAccessTokenLifetime(TimeSpan.FromHours(1));
            server.UseAspNetCore();
            server.AddEventHandler<ValidateTokenRequestContext>(handler => handler.UseInlineHandler(context =>
            {
                if (Find(clients, context.ClientId, context.ClientSecret) is null)
                    context.Reject(Errors.InvalidClient, "Unknown client, or wrong secret.");
                return default;
            }));
            server.AddEventHandler<HandleTokenRequestContext>(handler => handler.UseInlineHandler(context =>
            {
                context.SignIn(PrincipalOf(clients.Single(client => client.Id == context.Request.ClientId)));
                return default;
            }));
        });
        var application = builder.Build();
        application.UseAuthentication();
        // Whatever is no endpoint of the provider.
        application.Run(static context =>
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
        await application.StartAsync(cancellationToken);
        return new OpenIdProvider(application, issuer, new HttpClient(new SocketsHttpHandler
        {
            SslOptions =
            {
                CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    CustomTrustStore = { authority },
                    RevocationMode = X509RevocationMode.NoCheck,
                },
            },
        }));
    }

    /// <summary>What an agent does: its own credentials at the token endpoint, an access token back (RFC 6749 §4.4).</summary>
    public async Task<string> RequestTokenAsync(OpenIdClient client, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Issuer, "token"))
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["grant_type"] = GrantTypes.ClientCredentials }),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{client.Id}:{client.Secret}")));
        using var response = await _http.SendAsync(request, cancellationToken);
        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        if (!response.IsSuccessStatusCode)
            throw new InvalidOperationException($"The OpenID provider gives no token: {(int)response.StatusCode}");
        using var document = JsonDocument.Parse(body);
        return document.RootElement.GetProperty("access_token").GetString()!;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _application.DisposeAsync();
    }

    private static OpenIdClient? Find(IEnumerable<OpenIdClient> clients, string? id, string? secret) => clients.FirstOrDefault(client =>
        client.Id == id && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(client.Secret), Encoding.UTF8.GetBytes(secret ?? "")));

    private static ClaimsPrincipal PrincipalOf(OpenIdClient client)
    {
        var identity = new ClaimsIdentity("OpenIddict", Claims.Name, Claims.Role);
        identity.SetClaim(Claims.Subject, client.Id);
        identity.SetClaims("groups", [.. client.Groups]);
        identity.SetResources(Audience);
        identity.SetDestinations(static _ => [Destinations.AccessToken]);
        return new ClaimsPrincipal(identity);
    }
}
