using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;
using Proxy.Core.Journal;
using Proxy.Host.Configuration.Gateway;
using Proxy.Host.Evidence.Replication;
using Proxy.Tests.Core.Journal;
using Proxy.Tests.Support;
using ReplicaOptions = Proxy.Host.Configuration.Gateway.ReplicaOptions;

namespace Proxy.Tests.Host.Evidence.Replication;

/// <summary>Who may replicate where: both ends prove themselves, and whoever cannot gets nothing.</summary>
public sealed class ReplicaServerTests
{
    private const string Expected = "gateway.test";

    private CancellationTokenSource _stop = null!;
    private EvidenceDirectory _evidence = null!;
    private TemporaryDirectory _directory = null!;
    private ReplicaServer _server = null!;
    private Task _running = null!;

    [SetUp]
    public void Start()
    {
        (_evidence, _directory, _stop) = (new EvidenceDirectory(), new TemporaryDirectory(), new CancellationTokenSource());
        _server = ReplicaServer.Open(
            new ReplicaServerOptions
            {
                Directory = _directory.Combine("copies"),
                EndPoint = new IPEndPoint(IPAddress.Loopback, 0),
                CertificateFile = TestCertificates.Shared.ServerCertificatePath,
                KeyFile = TestCertificates.Shared.ServerKeyPath,
                ClientCaFile = TestCertificates.Shared.AuthorityPath,
                ClientNames = [Expected],
            },
            NullLogger.Instance);
        _running = _server.RunAsync(_stop.Token);
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _server.Dispose();
        _evidence.Dispose();
        _directory.Dispose();
        _stop.Dispose();
    }

    [Test]
    public async Task A_gateway_with_the_expected_certificate_replicates()
    {
        using var certificate = TestCertificates.Shared.Issue(Expected);
        await using var journal = await OpenAsync(certificate);
        await Eventually.IsTrueAsync(() => Task.FromResult(journal.State == JournalState.Ready), $"the replica takes it: {journal.Reason}");
        var number = JournalDirectory.Append(journal, 100);
        Assert.That(await journal.WhenDurableAsync(number, CancellationToken.None), Is.True);
        Assert.That(Directory.GetFiles(_directory.Combine("copies"), "segment-*", SearchOption.AllDirectories), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task A_gateway_with_another_name_is_turned_away()
    {
        using var certificate = TestCertificates.Shared.Issue("somebody.test");
        await AssertTurnedAwayAsync(certificate);
    }

    [Test]
    public async Task A_gateway_with_a_certificate_of_another_authority_is_turned_away()
    {
        using var strangers = new TestCertificates();
        using var certificate = strangers.Issue(Expected);
        await AssertTurnedAwayAsync(certificate);
    }

    [Test]
    public async Task A_replica_whose_certificate_is_not_trusted_gets_nothing()
    {
        using var strangers = new TestCertificates();
        using var certificate = TestCertificates.Shared.Issue(Expected);
        await using var journal = await OpenAsync(certificate, strangers.AuthorityPath);
        await Eventually.IsTrueAsync(
            () => Task.FromResult(journal.Reason?.Contains("not trusted", StringComparison.Ordinal) == true), "the certificate is rejected");
        Assert.That((JournalDirectory.TryAppend(journal, 10, out _), Directory.GetDirectories(_directory.Combine("copies")).Length), Is.EqualTo((false, 0)));
    }

    [Test]
    public void A_server_with_a_key_of_another_certificate_does_not_open()
    {
        using var certificate = TestCertificates.Shared.Issue(Expected);
        var (_, key) = TestCertificates.Write(certificate, _directory.Path, "other");
        Assert.That(
            () => ReplicaServer.Open(
                new ReplicaServerOptions
                {
                    Directory = _directory.Combine("others"),
                    EndPoint = new IPEndPoint(IPAddress.Loopback, 0),
                    CertificateFile = TestCertificates.Shared.ServerCertificatePath,
                    KeyFile = key,
                    ClientCaFile = TestCertificates.Shared.AuthorityPath,
                },
                NullLogger.Instance),
            Throws.InstanceOf<ArgumentException>().Or.InstanceOf<System.Security.Cryptography.CryptographicException>());
    }

    private async Task AssertTurnedAwayAsync(X509Certificate2 certificate)
    {
        await using var journal = await OpenAsync(certificate);
        await Eventually.IsTrueAsync(() => Task.FromResult(journal.Replica is { Connections: > 1 }), "it has tried again");
        Assert.That((journal.State, JournalDirectory.TryAppend(journal, 10, out _)), Is.EqualTo((JournalState.Full, false)));
        Assert.That(Directory.GetDirectories(_directory.Combine("copies")), Is.Empty);
    }

    private Task<MappedJournal> OpenAsync(X509Certificate2 certificate, string? authorities = null)
    {
        var (certificatePath, keyPath) = TestCertificates.Write(certificate, _directory.Path, "gateway");
        var options = _evidence.Options(durability: Durability.Replicated);
        var replica = new ReplicaOptions
        {
            Address = new NetworkAddress("localhost", _server.EndPoint.Port),
            CaFile = authorities ?? TestCertificates.Shared.AuthorityPath,
            CertificateFile = certificatePath,
            KeyFile = keyPath,
        };
        var evidence = options.Evidence! with
        {
            Replica = new Proxy.Core.Journal.Replication.ReplicaOptions { Connector = new TlsReplicaConnector(replica, NullLogger.Instance) },
        };
        return MappedJournal.OpenAsync(options with { Evidence = evidence }, TimeProvider.System, CancellationToken.None);
    }
}
