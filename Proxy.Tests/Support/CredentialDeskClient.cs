using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;

namespace Proxy.Tests.Support;

/// <summary>Somebody with a token at the gateway's HTTPS endpoint.</summary>
public sealed class CredentialDeskClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly Uri _desk;

    public CredentialDeskClient(Uri desk, X509Certificate2? certificate = null)
    {
        _desk = desk;
        var handler = new SocketsHttpHandler
        {
            SslOptions =
            {
                CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    CustomTrustStore = { TestCertificates.Shared.Authority },
                    RevocationMode = X509RevocationMode.NoCheck,
                },
                ClientCertificates = certificate is null ? null : [certificate],
            },
        };
        _http = new HttpClient(handler);
    }

    public async Task<(HttpStatusCode Status, JsonNode? Body)> SendAsync(HttpMethod method, string path, string? token, object? body = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(_desk, path));
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (body is not null)
            request.Content = JsonContent.Create(body);
        using var response = await _http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return (response.StatusCode, text.Length > 0 ? JsonNode.Parse(text) : null);
    }

    /// <summary>A credential as a client connects with it.</summary>
    public async Task<ClientEndpoint> IssueAsync(string token, object request)
    {
        var (status, body) = await SendAsync(HttpMethod.Post, "v1/credentials", token, request);
        if (status is not HttpStatusCode.OK)
            throw new InvalidOperationException($"{status}: {body}");
        return new ClientEndpoint(
            body!["host"]!.GetValue<string>(), body["port"]!.GetValue<int>(), body["database"]!.GetValue<string>(), body["user"]!.GetValue<string>(),
            body["password"]!.GetValue<string>(), TestCertificates.Shared.AuthorityPath);
    }

    public void Dispose() => _http.Dispose();
}
