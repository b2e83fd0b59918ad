using System.Net;
using Microsoft.Extensions.Logging;
using Proxy.Core.Journal;
using Proxy.Core.Journal.Records;
using Proxy.Core.Masking;
using Proxy.Core.Policy;
using Proxy.Core.Sql.Postgres;
using Proxy.Host.Configuration;
using Proxy.Host.Configuration.Gateway;
using Proxy.Host.Identity;
using Proxy.Host.Transport;
using Proxy.Host.Transport.Tls;
using Proxy.Protocols;
using Proxy.Protocols.Postgres;

namespace Proxy.Host.DataPlane;

/// <summary>
/// The data plane, composed by hand: parser, journal, configuration, identity, targets, listeners, in this order. What is missing is an error
/// before the first listener opens.
/// </summary>
public sealed class GatewayDataPlane(ConfigurationSnapshot configuration, TimeProvider time, ILogger logger) : IDataPlane
{
    /// <summary>What the data plane's threads have, see <see cref="DataPlaneEnvironment"/>.</summary>
    private const int SocketThreadStackBytes = 8 << 20;

    /// <summary>A session that is late ends itself and says so; the listener cuts off what cannot even do that.</summary>
    private static readonly TimeSpan LastWordsGrace = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stopped = new();
    private readonly LiveSessions _sessions = new(time);
    private readonly CancelKeys _cancelKeys = new(time);
    private readonly List<Listener> _listeners = [];
    private readonly List<ServerTls> _certificates = [];
    private ConfigurationWatcher? _watcher;
    private PostgresFrontEnd? _frontEnd;
    private MappedJournal? _journal;
    private TokenValidator? _tokens;
    private TargetDirectory? _targets;
    private MaskingKeys? _keys;
    private volatile bool _isDraining;

    public DataPlaneReadiness Readiness
    {
        get
        {
            var reasons = new List<string>();
            if (_isDraining) reasons.Add("draining");
            if (_listeners.Count == 0) reasons.Add("starting");
            if (_journal?.Reason is { } journal) reasons.Add($"journal: {journal}");
            foreach (var target in _targets?.All ?? [])
                if (target.Catalogue.StaleReason is { } stale)
                    reasons.Add($"target {target}: {stale}");
            return reasons.Count == 0 ? DataPlaneReadiness.Ready : DataPlaneReadiness.NotReady([.. reasons]);
        }
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var gateway = configuration.Gateway;
        _frontEnd = new PostgresFrontEnd(new PostgresFrontEndOptions
        {
            TextBytesMax = gateway.Limits.StatementBytesMax,
            Deadline = TimeSpan.FromMilliseconds(gateway.Limits.ParserDeadlineMs),
            InstanceMemoryBytesMax = gateway.Limits.ParserMemoryBytesMax,
            CallerStackBytes = SocketThreadStackBytes,
        });
        _journal = await MappedJournal.OpenAsync(
            new Core.Journal.JournalOptions
            {
                Directory = gateway.Journal.Directory,
                SegmentBytes = (int)gateway.Journal.SegmentBytes,
                SegmentsReady = gateway.Journal.SegmentsReady,
                RecordBytesMax = gateway.Journal.RecordBytesMax,
            },
            time, cancellationToken);
        var recovery = _journal.Recovery;
        Log.JournalOpened(
            logger, gateway.Journal.Directory, recovery.NextRecord, recovery.WasClean, recovery.TornCount, recovery.UnknownOutcomes.Length);
        RecordConfiguration("", configuration.Version);
        _keys = gateway.Masking.Key is { } key
            ? new MaskingKeys(Convert.FromBase64String((await CredentialReader.ReadAsync(key, cancellationToken)).Reveal()))
            : null;
        _watcher = new ConfigurationWatcher(configuration, time, logger);
        _tokens = new TokenValidator(configuration.Issuers, time, logger);
        var connection = ConnectionOptionsOf(gateway.Limits);
        _targets = await TargetDirectory.CreateAsync(configuration, connection, time, cancellationToken);
        foreach (var target in _targets.All)
            target.Catalogue.Start();
        _watcher.Changed += Follow;
        foreach (var options in configuration.Listeners)
            _listeners.Add(await CreateListenerAsync(options, connection, cancellationToken));
        foreach (var listener in _listeners)
            listener.Start();
    }

    public async Task DrainAsync(DrainSignal drain)
    {
        _isDraining = true;
        foreach (var listener in _listeners)
            await listener.StopAcceptingAsync();
        _sessions.EndAllWhenIdle(Refusals.Drain.Because("the gateway is shutting down"));
        using var overdue = drain.Deadline.UnsafeRegister(static sessions => ((LiveSessions)sessions!).AbortAll(), _sessions);
        await Task.WhenAll(_listeners.Select(listener => listener.Empty));
    }

    public async ValueTask DisposeAsync()
    {
        await _stopped.CancelAsync();
        foreach (var listener in _listeners)
            await listener.DisposeAsync();
        foreach (var certificate in _certificates)
            certificate.Dispose();
        if (_watcher is not null) await _watcher.DisposeAsync();
        if (_targets is not null) await _targets.DisposeAsync();
        _tokens?.Dispose();
        if (_journal is not null) await _journal.DisposeAsync();
        _frontEnd?.Dispose();
        _keys?.Dispose();
        _stopped.Dispose();
    }

    private async Task<Listener> CreateListenerAsync(
        ListenerOptions options, SocketConnectionOptions connection, CancellationToken cancellationToken)
    {
        ServerTls? tls = null;
        if (options.Tls is { } files)
        {
            tls = new ServerTls(files.CertificateFile, files.KeyFile);
            _certificates.Add(tls);
        }

        var policy = new ConfigurationPolicySource(_watcher!);
        var services = new PostgresServices
        {
            Gatekeeper = new Gatekeeper(_tokens!, _targets!, _watcher!, policy, _sessions, new MaskPlanner(_keys), options.Target, time),
            FrontEnd = _frontEnd!,
            Journal = _journal!,
            Sessions = _sessions,
            CancelKeys = _cancelKeys,
            Limits = LimitsOf(configuration.Limits),
            Time = time,
            Logger = logger,
        };
        var address = IPAddress.TryParse(options.Address.Host, out var literal)
            ? literal
            : (await Dns.GetHostAddressesAsync(options.Address.Host, cancellationToken))[0];
        var listener = new Listener(
            new ListenerSettings
            {
                EndPoint = new IPEndPoint(address, options.Address.Port),
                ConnectionsMax = configuration.Limits.SessionsMax,
                ConnectionsPerAddressMax = configuration.Limits.SessionsMax,
                HandshakeTimeout = TimeSpan.FromSeconds(configuration.Limits.HandshakeTimeoutSeconds) + LastWordsGrace,
                Connection = connection with { ServerTls = tls },
            },
            new PostgresConnectionHandler(new PostgresGateway(services), options.IAcceptPlaintext, _stopped.Token),
            logger, time);
        Log.Listening(logger, options.Name, listener.EndPoint.ToString());
        return listener;
    }

    private void Follow(ConfigurationSnapshot snapshot)
    {
        RecordConfiguration(configuration.Version, snapshot.Version);
        _tokens!.Update(snapshot.Issuers);
        foreach (var target in _targets!.All)
            if (snapshot.Classification.TryGetValue(target.Name, out var classification))
                target.Catalogue.Reclassify(classification);
    }

    private void RecordConfiguration(string before, string after) =>
        _journal!.TryAppend(
            new ConfigurationChangedRecord
            {
                OldVersion = before,
                NewVersion = after,
                ChangedBy = configuration.Directory,
                Digest = Convert.FromHexString(after),
            },
            out _);

    private static SocketConnectionOptions ConnectionOptionsOf(LimitOptions limits) => new()
    {
        // What must be seen whole, and its header.
        FrameBytesMax = Math.Max(limits.MessageBytesMax, limits.RowBytesMax) + PostgresFraming.HeaderLength,
        HandshakeTimeout = TimeSpan.FromSeconds(limits.HandshakeTimeoutSeconds),
    };

    private static Limits LimitsOf(LimitOptions limits) => new()
    {
        MessageBytesMax = limits.MessageBytesMax,
        RowBytesMax = limits.RowBytesMax,
        PendingRepliesMax = limits.RepliesOutstandingMax,
        PreparedStatementsMax = limits.PreparedStatementsMax,
        StartupTimeout = TimeSpan.FromSeconds(limits.HandshakeTimeoutSeconds),
    };
}
