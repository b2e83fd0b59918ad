using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Proxy.Host.ControlPlane;
using Proxy.Host.Identity.Credentials;

namespace Proxy.Host.Tools;

/// <summary>The gateway's HTTPS endpoint, asked with a token.</summary>
internal sealed class GatewayClient(HttpClient http, Uri gateway, string token)
{
    public async Task<CredentialReply> IssueAsync(CredentialRequest request, CancellationToken cancellationToken)
    {
        using var message = Message(HttpMethod.Post, "v1/credentials");
        message.Content = JsonContent.Create(request, options: ControlPlaneJson.Format);
        return await AskAsync<CredentialReply>(message, cancellationToken);
    }

    public async Task<IdentityReply> IdentifyAsync(CancellationToken cancellationToken)
    {
        using var message = Message(HttpMethod.Get, "v1/whoami");
        return await AskAsync<IdentityReply>(message, cancellationToken);
    }

    /// <summary>Gives a credential back: it and the sessions that it opened end.</summary>
    public async Task ReturnAsync(string name, CancellationToken cancellationToken)
    {
        using var message = Message(HttpMethod.Delete, $"v1/credentials/{Uri.EscapeDataString(name)}");
        var (status, body) = await ToolHttp.SendAsync(http, message, cancellationToken);
        using (body)
            if (status is not HttpStatusCode.NoContent)
                throw Refused(status, body);
    }

    private HttpRequestMessage Message(HttpMethod method, string path) => new(method, new Uri(gateway, path))
    {
        Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
    };

    private async Task<T> AskAsync<T>(HttpRequestMessage message, CancellationToken cancellationToken)
    {
        var (status, body) = await ToolHttp.SendAsync(http, message, cancellationToken);
        using (body)
            return status is HttpStatusCode.OK
                ? body.Deserialize<T>(ControlPlaneJson.Format) ?? throw new ToolException("the gateway's answer is empty")
                : throw Refused(status, body);
    }

    private static ToolException Refused(HttpStatusCode status, JsonDocument body)
    {
        string Of(string name) => body.RootElement.ValueKind is JsonValueKind.Object && body.RootElement.TryGetProperty(name, out var text) ? text.ToString() : "";
        return new ToolException(Of("code").Length > 0
            ? $"the gateway refused: {Of("message")} ({Of("code")}: {Of("why")}); {Of("hint")}"
            : $"the gateway answers {(int)status}");
    }
}
