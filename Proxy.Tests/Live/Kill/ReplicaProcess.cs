using System.Globalization;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Kill;

/// <summary><c>phigate journal-replica</c> as a process of its own, on a port and a directory that stay.</summary>
internal sealed class ReplicaProcess : IAsyncDisposable
{
    private const string Gateway = "gateway.test";
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);
    private readonly TemporaryDirectory _directory = new();
    private readonly int _port = FreePort.Next();
    private readonly string _gatewayCertificate;
    private readonly string _gatewayKey;
    private ChildProcess? _process;

    public ReplicaProcess()
    {
        using var certificate = TestCertificates.Shared.Issue(Gateway);
        (_gatewayCertificate, _gatewayKey) = TestCertificates.Write(certificate, _directory.Path, "gateway");
    }

    /// <summary>For gateway.yaml, behind other keys of the section journal.</summary>
    public string JournalKeys => string.Create(
        CultureInfo.InvariantCulture,
        $$""", durability: replicated, replica: { address: localhost:{{_port}}, ca-file: {{TestCertificates.Shared.AuthorityPath}}, certificate-file: {{_gatewayCertificate}}, key-file: {{_gatewayKey}} }""");

    /// <summary>The copies that it has, one for each journal.</summary>
    public string[] Copies() => Directory.GetDirectories(_directory.Combine("copies"));

    public async Task StartAsync()
    {
        var certificates = TestCertificates.Shared;
        _process = await ChildProcess.StartAsync(
        [
            PhiGateProcess.Program, "journal-replica", "--directory", _directory.Combine("copies"), "--listen", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_port}"),
            "--certificate-file", certificates.ServerCertificatePath, "--key-file", certificates.ServerKeyPath,
            "--client-ca-file", certificates.AuthorityPath, "--client-name", Gateway,
        ]);
        if (!await _process.WaitForOutputAsync("Copies of journals are kept", StartDeadline))
            throw new InvalidOperationException($"The replica does not run:\n{_process.Output}");
    }

    /// <summary>Ends it as an operator does; returns its exit code.</summary>
    public async Task<int> StopAsync()
    {
        var code = await _process!.StopAsync("TERM", TimeSpan.FromSeconds(20));
        await _process.DisposeAsync();
        _process = null;
        return code;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await StopAsync();
        _directory.Dispose();
    }
}
