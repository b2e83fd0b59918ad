using System.Net;
using System.Text.Json;
using Proxy.Host.Identity;

namespace Proxy.Host.Tools;

/// <summary>The device flow (RFC 8628) and refreshing, for a public client.</summary>
internal sealed class OpenIdClient(HttpClient http, string issuer, string clientId, TimeProvider time)
{
    private const string DeviceGrant = "urn:ietf:params:oauth:grant-type:device_code";
    private const int SecondsBetweenPolls = 5;

    /// <summary>Shows the person where to go, and waits until they have been there.</summary>
    /// <param name="scope">What is asked for.</param>
    /// <param name="resource">The audience, where the provider takes it as a resource (RFC 8707); null: it knows.</param>
    /// <param name="show">Gets the address and the code.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<StoredLogin> LogInAsync(string scope, string? resource, Action<string, string> show, CancellationToken cancellationToken)
    {
        var (device, token) = await DiscoverAsync(cancellationToken);
        var form = new Dictionary<string, string> { ["client_id"] = clientId, ["scope"] = scope };
        if (resource is not null)
            form["resource"] = form["audience"] = resource;
        using var begun = await PostAsync(device, form, cancellationToken);
        var code = Text(begun, "device_code");
        show(begun.RootElement.TryGetProperty("verification_uri_complete", out var complete) ? complete.GetString()! : Text(begun, "verification_uri"), Text(begun, "user_code"));
        var interval = begun.RootElement.TryGetProperty("interval", out var seconds) ? seconds.GetInt32() : SecondsBetweenPolls;
        form = new Dictionary<string, string> { ["client_id"] = clientId, ["grant_type"] = DeviceGrant, ["device_code"] = code };
        if (resource is not null)
            form["resource"] = resource;
        while (true)
        {
            await Task.Delay(TimeSpan.FromSeconds(interval), time, cancellationToken);
            var (status, body) = await SendAsync(token, form, cancellationToken);
            using (body)
            {
                if (status is HttpStatusCode.OK)
                    return LoginOf(body, token);
                switch (Error(body))
                {
                    case "authorization_pending":
                        break;
                    case "slow_down":
                        interval += SecondsBetweenPolls;
                        break;
                    case var error:
                        throw new ToolException($"the provider refused: {error}");
                }
            }
        }
    }

    /// <summary>The same login with a new token.</summary>
    public async Task<StoredLogin> RefreshAsync(StoredLogin login, CancellationToken cancellationToken)
    {
        var form = new Dictionary<string, string> { ["client_id"] = clientId, ["grant_type"] = "refresh_token", ["refresh_token"] = login.RefreshToken ?? "" };
        using var body = await PostAsync(ToolHttp.Address(login.TokenEndpoint), form, cancellationToken);
        var refreshed = LoginOf(body, ToolHttp.Address(login.TokenEndpoint));
        return refreshed with { RefreshToken = refreshed.RefreshToken ?? login.RefreshToken, AuthorityFile = login.AuthorityFile };
    }

    private async Task<(Uri Device, Uri Token)> DiscoverAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, ToolHttp.Address(DiscoveryAddress.Of(issuer)));
        var (status, document) = await ToolHttp.SendAsync(http, request, cancellationToken);
        using (document)
        {
            if (status is not HttpStatusCode.OK)
                throw new ToolException($"{request.RequestUri} answers {(int)status}");
            if (Text(document, "issuer") != issuer)
                throw new ToolException("the discovery document is of another issuer");
            return (ToolHttp.Address(Text(document, "device_authorization_endpoint")), ToolHttp.Address(Text(document, "token_endpoint")));
        }
    }

    private async Task<JsonDocument> PostAsync(Uri address, Dictionary<string, string> form, CancellationToken cancellationToken)
    {
        var (status, body) = await SendAsync(address, form, cancellationToken);
        if (status is HttpStatusCode.OK)
            return body;
        using (body)
            throw new ToolException($"the provider refused: {Error(body)}");
    }

    private async Task<(HttpStatusCode Status, JsonDocument Body)> SendAsync(Uri address, Dictionary<string, string> form, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new FormUrlEncodedContent(form) };
        return await ToolHttp.SendAsync(http, request, cancellationToken);
    }

    private StoredLogin LoginOf(JsonDocument body, Uri token) => new()
    {
        Issuer = issuer,
        ClientId = clientId,
        TokenEndpoint = token.AbsoluteUri,
        AccessToken = Text(body, "access_token"),
        ExpiresAt = time.GetUtcNow().AddSeconds(body.RootElement.TryGetProperty("expires_in", out var seconds) ? seconds.GetInt32() : 300),
        RefreshToken = body.RootElement.TryGetProperty("refresh_token", out var refresh) ? refresh.GetString() : null,
    };

    private static string Text(JsonDocument document, string name) =>
        TokenContent.Text(document.RootElement, name) ?? throw new ToolException($"the provider's answer has no {name}");

    private static string Error(JsonDocument body) => TokenContent.Text(body.RootElement, "error") ?? "no reason given";
}
