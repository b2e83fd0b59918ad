using System.Globalization;
using System.Security.Cryptography;
using Proxy.Host.Identity;

namespace Proxy.Bench.Servers;

/// <summary>PhiGate in front of the throwaway server, with a configuration directory made from a committed one.</summary>
internal sealed class Gateway : IAsyncDisposable
{
    private static readonly TimeSpan ReadyTimeout = TimeSpan.FromSeconds(60);

    /// <summary>Longer than the longest benchmark.</summary>
    private const int TokenLifetimeSeconds = 2 * 3600;

    private readonly OwnedProcess _process;
    private readonly DevelopmentKey _key;
    private readonly string _authorityPath;
    private readonly string _database;
    private readonly int _port;
    private readonly int _mariaDbPort;

    private Gateway(
        OwnedProcess process, DevelopmentKey key, string configuration, string authorityPath, string database, int port, int mariaDbPort, int dataPlaneId)
    {
        _process = process;
        _key = key;
        _authorityPath = authorityPath;
        _database = database;
        _port = port;
        _mariaDbPort = mariaDbPort;
        Configuration = configuration;
        DataPlaneId = dataPlaneId;
    }

    /// <summary>The program, copied beside this one when it is built.</summary>
    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "phigate");

    /// <summary>The demonstration's gateway.yaml, classification.yaml and rules.yaml.</summary>
    public static string PolicyDirectory { get; } = Path.Combine(AppContext.BaseDirectory, "demo", "policy");

    /// <summary>What of its configuration is the benchmarks' own.</summary>
    public static string BenchmarkDirectory { get; } = Path.Combine(AppContext.BaseDirectory, "policy");

    public string Configuration { get; }

    /// <summary>The process with the sockets.</summary>
    public int DataPlaneId { get; }

    /// <param name="scratch">Holds the configuration, the journal and the log.</param>
    /// <param name="authority">Issues the listener's certificate and has issued the server's, where that has one.</param>
    /// <param name="target">What it stands in front of.</param>
    /// <param name="name">Of its directory and log file among others in <paramref name="scratch"/>.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <param name="issuer">The OpenID provider whose tokens admit; null where development tokens do.</param>
    public static async Task<Gateway> StartAsync(
        ScratchDirectory scratch, ScratchAuthority authority, GatewayTarget target, string name, CancellationToken cancellationToken, Uri? issuer = null)
    {
        var (port, mariaDbPort, adminPort) = (TcpPort.Free(), TcpPort.Free(), TcpPort.Free());
        var configuration = await ConfigureAsync(scratch[name], authority, target, cancellationToken);
        var settings = (await File.ReadAllTextAsync(target.GatewayFile, cancellationToken))
            .Replace("127.0.0.1:6432", $"127.0.0.1:{port}", StringComparison.Ordinal)
            .Replace("127.0.0.1:6433", $"127.0.0.1:{mariaDbPort}", StringComparison.Ordinal)
            .Replace("localhost:3306", $"localhost:{target.MariaDb?.Port ?? 3306}", StringComparison.Ordinal)
            .Replace("127.0.0.1:9464", $"127.0.0.1:{adminPort}", StringComparison.Ordinal)
            .Replace("https://localhost:8444/", issuer?.AbsoluteUri ?? "https://localhost:8444/", StringComparison.Ordinal)
            .Replace("localhost:5432", $"localhost:{target.Server.Port}", StringComparison.Ordinal)
            .Replace("databases: [hospital]", $"databases: [{target.Server.Database}]", StringComparison.Ordinal)
            .Replace("database-user: clinic_app", $"database-user: {target.Server.User}", StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(configuration, "gateway.yaml"), settings, cancellationToken);

        // Before the start: the configuration names the key set as a file, and a missing file is an error.
        var key = DevelopmentKey.OpenOrCreate(Path.Combine(configuration, "identity"));
        var process = await OwnedProcess.StartAsync(
            "PhiGate", [Program, "run", "--config", configuration], scratch[name + ".log"], cancellationToken: cancellationToken);
        try
        {
            await WaitUntilReadyAsync(adminPort, process, cancellationToken);
            return new Gateway(
                process, key, configuration, authority.CertificatePath, target.Server.Database, port, mariaDbPort, ListeningProcess.Find(process.Id, port));
        }
        catch
        {
            key.Dispose();
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>A client of the gateway: a development token as the password of an ordinary connection.</summary>
    public Endpoint Admit(string subject, string group)
    {
        var token = _key.Sign(
            new DevelopmentTokenRequest { Subject = subject, Groups = [group], LifetimeSeconds = TokenLifetimeSeconds }, TimeProvider.System.GetUtcNow());
        return AdmitWith(subject, token);
    }

    /// <summary>The same with a token of somebody else.</summary>
    public Endpoint AdmitWith(string subject, string token) => new(_port, _database, subject, token, _authorityPath);

    /// <summary>The same at the listener that speaks MySQL beside PostgreSQL's.</summary>
    public Endpoint AdmitToMariaDbWith(string subject, string token) => new(_mariaDbPort, _database, subject, token, _authorityPath);

    /// <summary>What an auditor would type to see the record, statements included.</summary>
    public IReadOnlyList<string> ReadJournal => [Program, "audit", "read", Path.Combine(Configuration, "journal"), "--statements"];

    public IReadOnlyList<string> VerifyJournal => [Program, "audit", "verify", Path.Combine(Configuration, "journal")];

    /// <summary>What PhiGate said last, for whoever has to explain a failure: the file goes with the scratch directory.</summary>
    public Task<string> LastLogLinesAsync() => _process.LastLogLinesAsync();

    public ValueTask DisposeAsync()
    {
        _key.Dispose();
        return _process.DisposeAsync();
    }

    private static async Task<string> ConfigureAsync(
        string directory, ScratchAuthority authority, GatewayTarget target, CancellationToken cancellationToken)
    {
        foreach (var part in new[] { "tls", "secrets", "journal" })
            Directory.CreateDirectory(Path.Combine(directory, part));
        File.Copy(target.ClassificationFile, Path.Combine(directory, "classification.yaml"));
        File.Copy(target.RulesFile, Path.Combine(directory, "rules.yaml"));
        authority.Issue(Path.Combine(directory, "tls"), "server");
        File.Copy(authority.CertificatePath, Path.Combine(directory, "tls", "database-ca.crt"));
        await WriteSecretAsync(Path.Combine(directory, "secrets", "hospital.password"), target.Server.Password, cancellationToken);
        if (target.MariaDb is { } mariaDb)
            await WriteSecretAsync(Path.Combine(directory, "secrets", "hospital-mariadb.password"), mariaDb.Password, cancellationToken);
        await WriteSecretAsync(
            Path.Combine(directory, "secrets", "masking.key"), Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)), cancellationToken);
        return directory;
    }

    private static async Task WriteSecretAsync(string path, string secret, CancellationToken cancellationToken)
    {
        await using var stream = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        await using var writer = new StreamWriter(stream);
        await writer.WriteLineAsync(secret.AsMemory(), cancellationToken);
    }

    private static async Task WaitUntilReadyAsync(int adminPort, OwnedProcess process, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(ReadyTimeout);
        using var http = new HttpClient();
        var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{adminPort}/readyz"));
        var said = "nothing";
        while (process.IsRunning)
        {
            try
            {
                using var response = await http.GetAsync(address, timeout.Token);
                if (response.IsSuccessStatusCode)
                    return;
                said = await response.Content.ReadAsStringAsync(timeout.Token);
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                break;
            }

            await Task.Delay(100, CancellationToken.None);
        }

        throw new InvalidOperationException($"PhiGate did not become ready; /readyz said: {said}\n{await process.LastLogLinesAsync()}");
    }
}
