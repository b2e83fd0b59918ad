using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace Proxy.Host.Tools;

/// <summary>HTTP as the tools use it: no redirects (they could lead a token elsewhere), limited size and time, authorities of the user's choice.</summary>
internal static class ToolHttp
{
    private const int AnswerBytesMax = 1024 * 1024;

    /// <param name="authorityFile">PEM; null: the machine's authorities.</param>
    public static HttpClient Create(string? authorityFile)
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.None };
        if (authorityFile is not null)
        {
            var chain = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            chain.CustomTrustStore.ImportFromPemFile(authorityFile);
            handler.SslOptions.CertificateChainPolicy = chain;
        }
        return new HttpClient(handler) { MaxResponseContentBufferSize = AnswerBytesMax, Timeout = TimeSpan.FromSeconds(30) };
    }

    /// <summary>An https address, or http on this machine itself.</summary>
    /// <exception cref="ToolException">It is neither.</exception>
    public static Uri Address(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && (address.Scheme is "https" || (address.Scheme is "http" && address.IsLoopback))
            ? address
            : throw new ToolException($"{text} is not an https address");

    /// <exception cref="ToolException">There is no answer, or none that is JSON.</exception>
    public static async Task<(HttpStatusCode Status, JsonDocument Body)> SendAsync(HttpClient http, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http.SendAsync(request, cancellationToken);
            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            return (response.StatusCode, JsonDocument.Parse(text.Length > 0 ? text : "{}"));
        }
        catch (HttpRequestException exception)
        {
            throw new ToolException($"{request.RequestUri?.GetLeftPart(UriPartial.Authority)} does not answer: {exception.Message}", exception);
        }
        catch (JsonException exception)
        {
            throw new ToolException($"{request.RequestUri?.GetLeftPart(UriPartial.Path)} did not answer in JSON", exception);
        }
        catch (TaskCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ToolException($"{request.RequestUri?.GetLeftPart(UriPartial.Authority)} does not answer in time", exception);
        }
    }
}
