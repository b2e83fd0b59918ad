using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Proxy.Host.Identity;

namespace Proxy.Tests.Support;

/// <summary>
/// The real program in front of a server: `phigate run` in processes of its own, with a configuration directory as an operator would write it.
/// <see cref="GatewayHarness"/> is the gateway inside the test process.
/// </summary>
public sealed class PhiGateProcess : IAsyncDisposable
{
    private const int Attempts = 5;
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(20);
    private readonly PhiGateOptions _options;
    private readonly TemporaryDirectory _directory;
    private readonly DevelopmentKey _key;
    private readonly ChildProcess _process;
    private readonly int _port;
    private readonly ConcurrentDictionary<string, string> _tokens = new();

    private PhiGateProcess(PhiGateOptions options, TemporaryDirectory directory, DevelopmentKey key, ChildProcess process, int port, int credentialPort, Uri admin)
    {
        _options = options;
        _directory = directory;
        _key = key;
        _process = process;
        _port = port;
        Admin = admin;
        Desk = new Uri($"https://localhost:{credentialPort.ToString(CultureInfo.InvariantCulture)}/");
    }

    /// <summary>Beside the test assembly: the build puts it there with the project reference.</summary>
    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "phigate");

    /// <summary>Where gateway.yaml, rules.yaml and classification.yaml are; a changed rule counts from the next statement.</summary>
    public string ConfigurationDirectory => _directory.Path;

    public string JournalDirectory => _directory.Combine("journal");

    /// <summary>Health and metrics.</summary>
    public Uri Admin { get; }

    /// <summary>Where tokens are traded, when <see cref="PhiGateOptions.TradesTokens"/>.</summary>
    public Uri Desk { get; }

    /// <summary>The socket of the operator's commands.</summary>
    public string OperatorSocket => Path.Combine(JournalDirectory, "phigate.sock");

    /// <summary>Of the process with HTTP; the one with the sockets is its child and ends with it.</summary>
    public int ProcessId => _process.ProcessId;

    /// <summary>The process with the sockets.</summary>
    public int DataPlaneProcessId => DataPlaneOf(ProcessId) ?? throw new InvalidOperationException("There is no data plane");

    /// <summary>What it has logged so far.</summary>
    public string Output => _process.Output;

    /// <summary>The process with the sockets that this one has started; null when there is none.</summary>
    public static int? DataPlaneOf(int processId) => ProcessChildren.Of(processId) is [var child, ..] ? child : null;

    public static async Task<PhiGateProcess> StartAsync(PhiGateOptions options)
    {
        var directory = new TemporaryDirectory();
        var key = DevelopmentKey.OpenOrCreate(directory.Combine("identity"));
        if (options.PrepareJournal is { } prepare)
            await prepare(directory.Combine("journal"));
        for (var attempt = 1; ; attempt++)
        {
            var (port, adminPort, credentialPort) = (FreePort.Next(), FreePort.Next(), FreePort.Next());
            await ConfigureAsync(options, directory, port, adminPort, credentialPort);
            var process = await ChildProcess.StartAsync([.. options.Launcher, Program, "run", "--config", directory.Path], options.SetprivOptions, environment: options.Environment);
            var admin = new Uri($"http://127.0.0.1:{adminPort.ToString(CultureInfo.InvariantCulture)}/");
            var answer = await BecomesReadyAsync(process, admin);
            if (answer is null)
                return new PhiGateProcess(options, directory, key, process, port, credentialPort, admin);
            var output = process.Output;
            await process.DisposeAsync();
            // Somebody else may have taken a port between our look and PhiGate's bind.
            if (attempt < Attempts && output.Contains("address already in use", StringComparison.OrdinalIgnoreCase))
                continue;
            key.Dispose();
            directory.Dispose();
            throw new InvalidOperationException($"PhiGate did not become ready. /readyz: {answer}\n{output}");
        }
    }

    /// <summary>A token that admits, for one of the groups of <see cref="PhiGateOptions.RulesByGroup"/>.</summary>
    public string Token(string group = PhiGateOptions.ShowGroup, string subject = "agent-1", int lifetimeSeconds = 3600) =>
        Sign(new DevelopmentTokenRequest { Subject = subject, Groups = [group], LifetimeSeconds = lifetimeSeconds });

    /// <summary>A token of the development issuer that says whatever it is told.</summary>
    public string Sign(DevelopmentTokenRequest request)
    {
        var token = _key.Sign(request, TimeProvider.System.GetUtcNow());
        _tokens[token[(token.LastIndexOf('.') + 1)..]] = request.Subject;
        return token;
    }

    /// <summary>How a client reaches PhiGate; by the names that it would use at the server, so that what it prints of them is the same.</summary>
    public ClientEndpoint Endpoint(string group = PhiGateOptions.ShowGroup) => EndpointWith(Token(group));

    /// <summary>The same with another password.</summary>
    public ClientEndpoint EndpointWith(string token) =>
        new("localhost", _port, _options.Database, _options.ServerAccount.Name, token, TestCertificates.Shared.AuthorityPath);

    /// <summary>What `phigate ARGUMENTS` prints, with this gateway and this token in its environment.</summary>
    public Task<CommandResult> RunToolAsync(string? token, params IEnumerable<string> arguments) =>
        Command.RunAsync(Program, arguments, "", ToolEnvironment(token));

    /// <summary>The same while somebody watches what it prints.</summary>
    public Task<ChildProcess> StartToolAsync(string? token, params IEnumerable<string> arguments) =>
        ChildProcess.StartAsync([Program, .. arguments], environment: ToolEnvironment(token));

    /// <summary>What it answers over HTTP, e.g. to "readyz".</summary>
    public async Task<(HttpStatusCode Status, string Body)> GetAsync(string path)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        using var response = await http.GetAsync(new Uri(Admin, path), CancellationToken.None);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(CancellationToken.None));
    }

    /// <summary>Sends a signal by name, e.g. TERM, to the process that the operator started.</summary>
    public Task SignalAsync(string signal) => _process.SignalAsync(signal);

    public Task<int> WaitForExitAsync(CancellationToken cancellationToken) => _process.WaitForExitAsync(cancellationToken);

    /// <summary>Ends it as an operator does; returns its exit code. The journal stays until disposal.</summary>
    public Task<int> StopAsync() => _process.StopAsync("TERM", StopDeadline);

    /// <summary>Ends it. What it printed and recorded has none of the run's secrets, whatever the run was about: else this throws.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _process.DisposeAsync();
        try
        {
            await SecretLeaks.AssertNoneAsync(Output, JournalDirectory, Secrets());
        }
        finally
        {
            _key.Dispose();
            _directory.Dispose();
        }
    }

    private SecretSearch Secrets()
    {
        var search = new SecretSearch();
        if (File.Exists(_directory.Combine("masking.key")))
            search.Text("the masking key", File.ReadAllText(_directory.Combine("masking.key")).Trim());
        if (_options.ServerAccount.Password.Length > 0)
            search.Text("the database password", _options.ServerAccount.Password);
        foreach (var (signature, subject) in _tokens)
            search.Text($"the signature of a token of {subject}", signature);
        return search;
    }

    private Dictionary<string, string?> ToolEnvironment(string? token) => new()
    {
        ["PHIGATE_GATEWAY"] = Desk.AbsoluteUri,
        ["PHIGATE_CA_FILE"] = TestCertificates.Shared.AuthorityPath,
        ["PHIGATE_TOKEN"] = token,
        ["XDG_CONFIG_HOME"] = _directory.Combine("home"),
    };

    private static async Task ConfigureAsync(PhiGateOptions options, TemporaryDirectory directory, int port, int adminPort, int credentialPort)
    {
        await File.WriteAllTextAsync(directory.Combine("gateway.yaml"), Gateway(options, port, adminPort, credentialPort));
        await File.WriteAllTextAsync(directory.Combine("rules.yaml"), options.Rules);
        await File.WriteAllTextAsync(directory.Combine("classification.yaml"),
            $"version: 1\ntargets:\n  {options.Database}:\n{Indented(options.Classification, 4)}\n");
        Directory.CreateDirectory(directory.Combine("journal"));
        WriteSecret(directory.Combine("database.password"), options.ServerAccount.Password.Length > 0 ? options.ServerAccount.Password : "not-asked-for");
        WriteSecret(directory.Combine("masking.key"), Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
    }

    private static string Gateway(PhiGateOptions options, int port, int adminPort, int credentialPort)
    {
        var certificates = TestCertificates.Shared;
        var tls = $"{{ certificate-file: {certificates.ServerCertificatePath}, key-file: {certificates.ServerKeyPath}, "
            + $"ask-for-client-certificate: {(options.AsksForClientCertificate ? "true" : "false")} }}";
        return string.Create(CultureInfo.InvariantCulture, $$"""
            version: 1
            listeners:
              - name: clients
                protocol: {{(options.IsMySql ? $"mysql\n    target: {options.Database}" : "postgresql")}}
                address: 127.0.0.1:{{port}}
                tls: {{tls}}
            {{Indented(options.Listener, 4)}}
            {{(options.TradesTokens ? $"credentials:\n  address: 127.0.0.1:{credentialPort}\n  public-address: localhost:{port}\n  tls: {tls}\n{Indented(options.Credentials, 2)}" : "")}}
            targets:
              {{options.Database}}:
                protocol: {{(options.IsMySql ? "mysql" : "postgresql")}}
                address: {{PostgresServer.Host}}:{{options.ServerPort}}
                databases: [{{options.Database}}]
                tls: { mode: verify-full, ca-file: {{certificates.AuthorityPath}} }
                database-user: {{options.ServerAccount.Name}}
                credential: {{options.Credential ?? "{ file: database.password }"}}
            {{Indented(options.Target, 4)}}
                sessions-max: {{options.TargetSessionsMax}}
            journal:
              directory: journal
            {{Indented(options.Journal, 2)}}
            admin: { address: 127.0.0.1:{{adminPort}}{{(options.AllowsCoreDumps ? ", allow-core-dumps: true" : "")}} }
            masking: { key: { file: masking.key } }
            identity:
              issuers:
                - name: development
                  issuer: {{DevelopmentTokenRequest.DefaultIssuer}}
                  audiences: [{{DevelopmentTokenRequest.DefaultAudience}}]
                  jwks-file: identity/{{DevelopmentKey.KeySetFileName}}
                  algorithms: [ES256]
            {{Indented(options.DevelopmentIssuer, 6)}}
            {{(options.Issuer is { } issuer ? Discovered(issuer) : "")}}
            {{Indented(options.MoreIssuers, 4)}}
            {{(options.Limits.Length > 0 ? $"limits:\n{Indented(options.Limits, 2)}" : "")}}
            """);
    }

    private static string Discovered(Uri issuer) => $"""
            - name: provider
              issuer: {issuer.AbsoluteUri.TrimEnd('/')}
              audiences: [{OidcProviderProcess.Audience}]
              ca-file: {TestCertificates.Shared.AuthorityPath}
        """;

    private static string Indented(string text, int by) => string.Join('\n', text.Split('\n').Select(line => new string(' ', by) + line));

    private static void WriteSecret(string path, string secret)
    {
        File.WriteAllText(path, "");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.WriteAllText(path, secret + "\n");
    }

    /// <summary>Null when it is ready; otherwise what it said last.</summary>
    private static async Task<string?> BecomesReadyAsync(ChildProcess process, Uri admin)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        using var deadline = new CancellationTokenSource(StartDeadline);
        var answer = "nothing";
        while (!process.HasExited && !deadline.IsCancellationRequested)
        {
            try
            {
                using var response = await http.GetAsync(new Uri(admin, "readyz"), CancellationToken.None);
                if (response.IsSuccessStatusCode)
                    return null;
                answer = await response.Content.ReadAsStringAsync(CancellationToken.None);
            }
            catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
            {
                answer = exception.Message;
            }
            await Task.Delay(TimeSpan.FromMilliseconds(50), CancellationToken.None);
        }
        return answer;
    }
}
