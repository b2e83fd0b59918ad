using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Proxy.Bench.Servers;
using Proxy.Core.Journal;
using Proxy.Core.Journal.Records;
using Proxy.Host.Configuration.Gateway;
using Proxy.Host.Evidence.Replication;
using JournalOptions = Proxy.Core.Journal.JournalOptions;

namespace Proxy.Bench.Evidence;

/// <summary>Sessions that wait for their intent to be as durable as it is to be, then for a server, again and again.</summary>
internal static class DurabilityLoad
{
    public const int Sessions = 64;

    /// <summary>As asked for; the system's timer makes it a little more.</summary>
    public static readonly TimeSpan ServerTime = TimeSpan.FromMilliseconds(1);

    private static readonly TimeSpan Warming = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(4);

    /// <returns>Statements for each second.</returns>
    public static async Task<double> RunAsync(string directory, JournalEvidence evidence, CancellationToken cancellationToken)
    {
        await using var journal = await MappedJournal.OpenAsync(
            new JournalOptions { Directory = directory, SegmentsReady = 2, Evidence = evidence }, TimeProvider.System, cancellationToken);
        while (journal.State is not JournalState.Ready)
            await Task.Delay(5, cancellationToken);
        await ForAsync(journal, Warming, cancellationToken);
        return await ForAsync(journal, Window, cancellationToken) / Window.TotalSeconds;
    }

    /// <summary>With a replica behind TLS on the same disk, which syncs what it acknowledges.</summary>
    public static async Task<double> ReplicatedAsync(string directory, JournalEvidence evidence, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(directory);
        using var authority = new ScratchAuthority(directory, TimeProvider.System);
        var (certificate, key) = authority.Issue(directory, "both");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var server = ReplicaServer.Open(
            new ReplicaServerOptions
            {
                Directory = Path.Combine(directory, "copies"),
                EndPoint = new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0),
                CertificateFile = certificate,
                KeyFile = key,
                ClientCaFile = authority.CertificatePath,
            },
            NullLogger.Instance);
        var running = server.RunAsync(stop.Token);
        var address = new Host.Configuration.Gateway.ReplicaOptions
        {
            Address = new NetworkAddress("localhost", server.EndPoint.Port),
            CaFile = authority.CertificatePath,
            CertificateFile = certificate,
            KeyFile = key,
        };
        var rate = await RunAsync(
            Path.Combine(directory, "journal"),
            evidence with { Durability = Durability.Replicated, Replica = new() { Connector = new TlsReplicaConnector(address, NullLogger.Instance) } },
            cancellationToken);
        await stop.CancelAsync();
        await running;
        return rate;
    }

    private static async Task<long> ForAsync(MappedJournal journal, TimeSpan time, CancellationToken cancellationToken)
    {
        var begin = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, Sessions).Select(_ => Task.Run(() => AskAsync(journal, begin, time, cancellationToken), cancellationToken)));
        return counts.Sum();
    }

    private static async Task<long> AskAsync(MappedJournal journal, long begin, TimeSpan time, CancellationToken cancellationToken)
    {
        long count = 0;
        for (; Stopwatch.GetElapsedTime(begin) < time; count++)
        {
            if (!await journal.WhenDurableAsync(AppendIntent(journal), cancellationToken)) throw new InvalidOperationException("The journal failed.");
            await Task.Delay(ServerTime, cancellationToken);
        }
        return count;
    }

    private static long AppendIntent(MappedJournal journal)
    {
        var intent = new IntentRecord { Text = "select id, status, ward from patients where mrn = 'MRN-0000000' and ward = 7"u8, Rule = "clinicians" };
        return journal.TryAppend(in intent, out var number) ? number : throw new InvalidOperationException("The journal took no record.");
    }
}
