using System.Globalization;
using System.Security.Cryptography;
using Proxy.Core.Journal.Heads;
using Proxy.Core.Journal.Verification;
using Proxy.Host.Evidence;
using Proxy.Host.Identity;
using Proxy.Host.Transport;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Kill;

/// <summary>The real data plane as a process of its own, to be killed and started again on the same port, configuration and journal.</summary>
internal sealed class KillableGateway : IAsyncDisposable
{
    private const string Group = "load";
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(90);
    private readonly TemporaryDirectory _directory = new();
    private readonly DevelopmentKey _key;
    private readonly int _port = FreePort.Next();
    private readonly KillableTarget _target;
    private readonly string _database;
    private ChildProcess? _process;

    /// <param name="target">What it stands in front of.</param>
    /// <param name="database">The only one.</param>
    /// <param name="journal">Further keys of the section journal, as YAML in one line.</param>
    public KillableGateway(KillableTarget target, string database, string journal = "")
    {
        _target = target;
        _database = database;
        _key = DevelopmentKey.OpenOrCreate(_directory.Combine("identity"));
        var certificates = TestCertificates.Shared;
        Directory.CreateDirectory(JournalDirectory);
        WriteSecret("database.password", target.Password);
        WriteSecret("masking.key", Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        File.WriteAllText(_directory.Combine("classification.yaml"), $"version: 1\ntargets:\n  {database}:\n    patterns: []\n");
        File.WriteAllText(_directory.Combine("rules.yaml"), $$"""
            version: 1
            rules:
              - name: load
                who: { groups: [{{Group}}] }
                risk: { within: [read, phi-read, bulk-read, write, bulk-write, masked-write, session, phi-equality] }
                verdict: mask
                profile: redacted
            """);
        File.WriteAllText(_directory.Combine("gateway.yaml"), string.Create(CultureInfo.InvariantCulture, $$"""
            version: 1
            listeners:
              - name: clients
                protocol: {{target.Protocol}}{{(target.Protocol == "mysql" ? $"\n    target: {database}" : "")}}
                address: 127.0.0.1:{{_port}}
                tls: { certificate-file: {{certificates.ServerCertificatePath}}, key-file: {{certificates.ServerKeyPath}} }
            targets:
              {{database}}:
                protocol: {{target.Protocol}}
                address: {{PostgresServer.Host}}:{{target.Port}}
                databases: [{{database}}]
                tls: { mode: verify-full, ca-file: {{certificates.AuthorityPath}} }
                database-user: {{target.User}}
                credential: { file: database.password }
            journal: { directory: journal{{journal}} }
            admin: { address: 127.0.0.1:{{FreePort.Next()}} }
            masking: { key: { file: masking.key } }
            identity:
              issuers:
                - name: development
                  issuer: {{DevelopmentTokenRequest.DefaultIssuer}}
                  audiences: [{{DevelopmentTokenRequest.DefaultAudience}}]
                  jwks-file: identity/{{DevelopmentKey.KeySetFileName}}
                  algorithms: [ES256]
            """));
    }

    public string JournalDirectory => _directory.Combine("journal");

    public ClientEndpoint Endpoint => new(
        "localhost", _port, _database, "agent",
        _key.Sign(new DevelopmentTokenRequest { Subject = "agent", Groups = [Group] }, TimeProvider.System.GetUtcNow()), TestCertificates.Shared.AuthorityPath);

    /// <summary>Starts it, which recovers the journal, and waits until it serves.</summary>
    public async Task StartAsync()
    {
        var program = Path.Combine(AppContext.BaseDirectory, "phigate");
        _process = await ChildProcess.StartAsync(
            [program, "data-plane", "--config", _directory.Path],
            environment: DataPlaneEnvironment.Variables.ToDictionary(variable => variable.Key, variable => (string?)variable.Value));
        using var deadline = new CancellationTokenSource(StartDeadline);
        while (!await _target.AnswersAsync(Endpoint))
        {
            if (_process.HasExited || deadline.IsCancellationRequested)
                throw new InvalidOperationException($"The data plane does not serve:\n{_process.Output}");
            await Task.Delay(TimeSpan.FromMilliseconds(100), CancellationToken.None);
        }
    }

    public async Task KillAsync()
    {
        await _process!.StopAsync("KILL", TimeSpan.FromSeconds(10));
        await _process.DisposeAsync();
        _process = null;
    }

    /// <summary>Drains it.</summary>
    public async Task StopAsync()
    {
        await _process!.StopAsync("TERM", TimeSpan.FromSeconds(30));
        await _process.DisposeAsync();
        _process = null;
    }

    /// <summary>Numbers of the statements of unknown outcome that verifying the journal lists, when nothing else is to be said of it.</summary>
    public async Task<IReadOnlyCollection<long>> VerifiedUnknownAsync()
    {
        var publicKey = JournalKeyDirectory.PublicKeyPath(JournalKeyDirectory.DefaultFor(JournalDirectory));
        using var key = HeadVerificationKey.FromPem(await File.ReadAllTextAsync(publicKey));
        var report = JournalVerifier.Run(JournalDirectory, [key], [], progress: null, CancellationToken.None);
        if (!report.IsUntouched)
            throw new InvalidOperationException($"The journal does not verify: {report.Findings[0]}");
        return [.. report.UnknownOutcomes.Select(statement => statement.Number)];
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await KillAsync();
        _key.Dispose();
        _directory.Dispose();
    }

    private void WriteSecret(string name, string secret)
    {
        var path = _directory.Combine(name);
        File.WriteAllText(path, "");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.WriteAllText(path, secret + "\n");
    }
}
