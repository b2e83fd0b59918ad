using System.Collections.Immutable;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Proxy.Host.Configuration.Gateway;
using Proxy.Host.Transport.Tls;

namespace Proxy.Host.Evidence.Streaming;

/// <summary>The streams that gateway.yaml names, from start to disposal. They live in the control plane, away from sessions.</summary>
public sealed class RecordStreams : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<IRecordSink> _sinks = [];
    private Task _running = Task.CompletedTask;

    private RecordStreams()
    {
    }

    /// <exception cref="IOException">A token cannot be read, or positions cannot be kept.</exception>
    public static async Task<RecordStreams> StartAsync(
        string journalDirectory, ImmutableArray<StreamOptions> options, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        var streams = new RecordStreams();
        try
        {
            var positions = StreamPosition.DirectoryFor(journalDirectory);
            if (!options.IsEmpty) CreateForOwnerOnly(positions);
            var running = new List<Task>();
            foreach (var stream in options)
            {
                var sink = await SinkOfAsync(stream, cancellationToken);
                streams._sinks.Add(sink);
                var position = new StreamPosition(Path.Combine(positions, stream.Name + ".position"));
                var follower = new RecordStream(stream.Name, journalDirectory, position, sink, stream.BatchRecordsMax, time, logger);
                running.Add(Task.Run(() => follower.RunAsync(streams._stop.Token), CancellationToken.None));
            }
            streams._running = Task.WhenAll(running);
            return streams;
        }
        catch
        {
            await streams.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var sink in _sinks)
            await sink.DisposeAsync();
        _stop.Dispose();
    }

    private static async Task<IRecordSink> SinkOfAsync(StreamOptions options, CancellationToken cancellationToken)
    {
        if (options.Syslog is { } syslog)
            return new SyslogSink(
                syslog.Address.Host, syslog.Address.Port,
                syslog.IAcceptPlaintext ? null : new ClientTls(ClientTlsMode.VerifyFull, syslog.Address.Host, syslog.CaFile));
        var ocsf = options.Ocsf!;
        var token = ocsf.Token is { } credential ? (await CredentialReader.ReadAsync(credential, cancellationToken)).Reveal() : null;
        return new OcsfSink(new HttpClient(HandlerFor(ocsf.CaFile)) { Timeout = Timeout.InfiniteTimeSpan }, ocsf.Url, token);
    }

    private static SocketsHttpHandler HandlerFor(string? caFile)
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) };
        if (caFile is null) return handler;
        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck, TrustMode = X509ChainTrustMode.CustomRootTrust };
        policy.CustomTrustStore.ImportFromPemFile(caFile);
        handler.SslOptions.CertificateChainPolicy = policy;
        return handler;
    }

    internal static void CreateForOwnerOnly(string directory)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(directory);
        else Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
