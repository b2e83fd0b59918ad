using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Proxy.Tests.Support;

/// <summary>
/// A certified OpenID provider that we did not write (npm oidc-provider) in a process of its own. An agent gets its token as in
/// production: client credentials at the token endpoint, a JWT access token back.
/// </summary>
public sealed partial class OidcProviderProcess : IAsyncDisposable
{
    public const string ClientId = "agent-1";
    public const string Audience = "phigate";
    /// <summary>The public client that people log in with by the device flow.</summary>
    public const string ToolId = "phigate-cli";

    /// <summary>A person, as far as a provider without a login page can have one.</summary>
    public const string PersonId = "kim";

    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);
    private readonly ChildProcess _process;
    private readonly HttpClient _http;
    private int _rotations;

    private OidcProviderProcess(ChildProcess process, Uri issuer)
    {
        _process = process;
        Issuer = issuer;
        _http = new HttpClient(new SocketsHttpHandler
        {
            SslOptions =
            {
                CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    CustomTrustStore = { TestCertificates.Shared.Authority },
                    RevocationMode = X509RevocationMode.NoCheck,
                },
            },
        });
    }

    public Uri Issuer { get; }

    public static async Task<OidcProviderProcess> StartAsync()
    {
        var directory = PackageDirectory();
        if (!Directory.Exists(Path.Combine(directory, "node_modules")))
            throw new InvalidOperationException($"The OpenID provider is not there: run `make deps` (npm ci --ignore-scripts in {directory}).");
        for (var attempt = 1; ; attempt++)
        {
            var port = FreePort.Next();
            var process = await ChildProcess.StartAsync(
                ["node", "provider.mjs", port.ToString(CultureInfo.InvariantCulture),
                    TestCertificates.Shared.ServerCertificatePath, TestCertificates.Shared.ServerKeyPath],
                workingDirectory: directory);
            if (await process.WaitForOutputAsync("listening on", StartDeadline))
                return new OidcProviderProcess(process, new Uri($"https://localhost:{port}"));
            var output = process.Output;
            await process.DisposeAsync();
            if (attempt == 5 || !output.Contains("EADDRINUSE", StringComparison.Ordinal))
                throw new InvalidOperationException($"The OpenID provider did not start:\n{output}");
        }
    }

    /// <param name="resource">What the token is for (RFC 8707); its audience is <see cref="Audience"/> unless this says something else.</param>
    /// <param name="client">Whose it is.</param>
    public Task<string> RequestTokenAsync(string resource = "urn:phigate", string client = ClientId) =>
        PostAsync(client, new() { ["grant_type"] = "client_credentials", ["scope"] = "query", ["resource"] = resource });

    /// <summary>The agent trades a person's token for one with which it acts for that person (RFC 8693).</summary>
    public Task<string> ExchangeAsync(string subjectToken) => PostAsync(ClientId, new()
    {
        ["grant_type"] = "urn:ietf:params:oauth:grant-type:token-exchange",
        ["subject_token"] = subjectToken,
        ["subject_token_type"] = "urn:ietf:params:oauth:token-type:access_token",
    });

    private async Task<string> PostAsync(string client, Dictionary<string, string> form)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Issuer, "/token")) { Content = new FormUrlEncodedContent(form) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes($"{client}:{client}-secret")));
        using var response = await _http.SendAsync(request);
        response.EnsureSuccessStatusCode();
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return body.RootElement.GetProperty("access_token").GetString()!;
    }

    /// <summary>What a person does in a browser who was sent to this address: submits what each page holds, until one asks nothing more.</summary>
    public async Task ApproveAsync(Uri address)
    {
        var (at, page) = (address, await _http.GetStringAsync(address));
        for (var pages = 0; Form().Match(page) is { Success: true } form; pages++)
        {
            if (pages == 5)
                throw new InvalidOperationException($"The OpenID provider goes on asking:\n{page}");
            using var fields = new FormUrlEncodedContent(
                Input().Matches(page).Select(input => KeyValuePair.Create(input.Groups["name"].Value, input.Groups["value"].Value)));
            using var response = await _http.PostAsync(new Uri(at, WebUtility.HtmlDecode(form.Groups[1].Value)), fields);
            (at, page) = (response.RequestMessage!.RequestUri!, await response.Content.ReadAsStringAsync());
            if (!response.IsSuccessStatusCode)
                throw new InvalidOperationException($"The OpenID provider refuses:\n{page}");
        }
    }

    /// <summary>Signs with a new key from now on; the one before it stays published, and no older one.</summary>
    public async Task RotateKeyAsync()
    {
        _rotations++;
        await _process.SignalAsync("USR2");
        if (!await _process.WaitForOutputAsync($"signs with key {_rotations}", StartDeadline))
            throw new InvalidOperationException($"The OpenID provider made no new key:\n{_process.Output}");
    }

    [GeneratedRegex("""<form[^>]* action="([^"]+)""")]
    private static partial Regex Form();

    [GeneratedRegex("""<input type="hidden" name="(?<name>[^"]+)" value="(?<value>[^"]*)""")]
    private static partial Regex Input();

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _process.DisposeAsync();
    }

    private static string PackageDirectory([CallerFilePath] string thisFile = "") =>
        Path.Combine(Path.GetDirectoryName(thisFile)!, "identity-provider");
}
