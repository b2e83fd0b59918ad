using System.Buffers;
using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.Logging;
using Proxy.Core.Journal;
using Proxy.Core.Journal.Records;
using Proxy.Core.Journal.Subjects;
using Proxy.Core.Masking;
using Proxy.Core.Policy;
using Proxy.Core.Sql.Postgres;
using Proxy.Host.Checks;
using Proxy.Host.Configuration;
using Proxy.Host.Configuration.Gateway;
using Proxy.Host.Configuration.Yaml;
using Proxy.Host.Evidence;
using Proxy.Host.Evidence.Aws;
using Proxy.Host.Evidence.Retention;
using Proxy.Host.Evidence.Shipping;
using Proxy.Host.Identity;
using Proxy.Host.Identity.Credentials;
using Proxy.Host.Identity.Revocation;
using Proxy.Host.Metrics;
using Proxy.Host.Transport;
using Proxy.Host.Transport.ProxyProtocol;
using Proxy.Host.Transport.Tls;
using Proxy.Protocols;
using Proxy.Protocols.MySql;
using Proxy.Protocols.Postgres;

namespace Proxy.Host.DataPlane;

/// <summary>
/// The data plane, composed by hand: parser, journal, configuration, identity, targets, listeners, in this order. What is missing is an error
/// before the first listener opens.
/// </summary>
/// <param name="configuration">What it starts with; rules, classification and issuers then follow the files.</param>
/// <param name="document">gateway.yaml with positions, for errors about targets.</param>
/// <param name="meter">Gets the gateway's instruments.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">For the life of the process.</param>
public sealed class GatewayDataPlane(ConfigurationSnapshot configuration, YamlDocument document, Meter meter, TimeProvider time, ILogger logger) : IDataPlane
{
    /// <summary>What the data plane's threads have, see <see cref="DataPlaneEnvironment"/>.</summary>
    private const int SocketThreadStackBytes = 8 << 20;

    private const int HeaderBytesMax = 1024;

    /// <summary>A session that is late ends itself and says so; the listener cuts off what cannot even do that.</summary>
    private static readonly TimeSpan LastWordsGrace = TimeSpan.FromSeconds(1);

    /// <summary>A load balancer sends its header with the first packet.</summary>
    private static readonly TimeSpan ProxyHeaderPatience = TimeSpan.FromSeconds(5);

    /// <summary>Connections of one listener that have not signed in.</summary>
    private const int HandshakesMax = 500;

    private readonly CancellationTokenSource _stopped = new();
    private readonly SessionPlaces _places = new();
    private readonly ThreadNumbers _threadNumbers = new();
    private readonly CancelKeys _cancelKeys = new(time, configuration.Limits.CancelRequestsPerSecondMax);
    private readonly Dictionary<string, TargetReview> _reviews = [];
    private readonly List<Listener> _listeners = [];
    private readonly List<ServerTls> _certificates = [];
    private ConfigurationWatcher? _watcher;
    private PostgresFrontEnd? _frontEnd;
    private EvidenceServices? _evidence;
    private MappedJournal? _journal;
    private SubjectCoder? _subjects;
    private ClockWatch? _clock;
    private JournalRetention? _retention;
    private TokenValidator? _tokens;
    private AccessState? _access;
    private LiveSessions? _sessions;
    private ControlCalls? _calls;
    private TargetDirectory? _targets;
    private MaskingKeys? _keys;
    private readonly TokenBooks _books = new();
    private BudgetFile? _budgets;
    private string _version = "";
    private volatile bool _isDraining;
    private volatile bool _isListening;

    public DataPlaneReadiness Readiness
    {
        get
        {
            var reasons = new List<string>();
            if (_isDraining) reasons.Add("draining");
            if (!_isListening) reasons.Add("starting");
            if (_journal is { State: JournalState.Closed or JournalState.Full, Reason: { } full }) reasons.Add($"journal: {full}");
            var targets = TargetProblems().ToList();
            // One target out of several that cannot be used is no reason to take the others away from everybody.
            if (_targets is { } all && targets.Count > 0 && targets.Count == all.All.Count()) reasons.AddRange(targets);
            if (reasons.Count > 0) return DataPlaneReadiness.NotReady([.. reasons]);
            reasons.AddRange(targets);
            if (_journal is { State: JournalState.Degraded, Reason: { } degraded }) reasons.Add($"journal: {degraded}");
            if (_watcher?.Rejection is { } rejection) reasons.Add($"the configuration on disk is not taken over: {rejection}");
            return new DataPlaneReadiness(true, reasons);
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
        OffSocketHttpClientFactory.Install();
        _evidence = await EvidenceServices.OpenAsync(gateway.Journal, time, logger, cancellationToken);
        _journal = await MappedJournal.OpenAsync(
            new Core.Journal.JournalOptions
            {
                Directory = gateway.Journal.Directory,
                SegmentBytes = (int)gateway.Journal.SegmentBytes,
                SegmentsReady = gateway.Journal.SegmentsReady,
                RecordBytesMax = gateway.Journal.RecordBytesMax,
                Evidence = _evidence.Evidence,
                Permit = gateway.Journal.Shipping is { } shipping ? new ShippingBacklog(gateway.Journal.Directory, shipping.SegmentsWaitingMax) : null,
            },
            time, cancellationToken);
        var recovery = _journal.Recovery;
        _subjects = await OffSocketThread.Await(
            SubjectKeyFile.OpenOrCreateAsync(gateway.Journal.Directory, recovery.JournalId, _evidence.Evidence.SealingKey, cancellationToken));
        Log.JournalOpened(
            logger, gateway.Journal.Directory, recovery.NextRecord, recovery.WasClean, recovery.TornCount, recovery.UnknownOutcomes.Length);
        RecordConfiguration(configuration);
        _clock = new ClockWatch(_journal, time);
        if (gateway.Journal.Retention is { } retention) _retention = new JournalRetention(gateway.Journal, retention, _journal, _evidence.Evidence.SealingKey, time, logger);
        _keys = gateway.Masking.Key is { } key
            ? new MaskingKeys(Convert.FromBase64String((await CredentialReader.ReadAsync(key, cancellationToken)).Reveal()))
            : null;
        _budgets = BudgetFile.Open(Path.Combine(gateway.Journal.Directory, BudgetFile.Name), time, logger);
        _watcher = new ConfigurationWatcher(configuration, time, logger);
        _tokens = new TokenValidator(configuration.Issuers, time, logger);
        _access = new AccessState(
            RevocationList.Open(gateway.Identity.RevocationsFile!, time), new CredentialStore(time), new SignInThrottle(gateway.Limits, time));
        _sessions = new LiveSessions(time, _access.Revocations, TimeSpan.FromSeconds(gateway.Limits.SessionEndSpreadSeconds));
        var connection = ConnectionOptionsOf(gateway.Limits);
        await ReviewTargetsAsync(cancellationToken);
        _targets = TargetDirectory.Create(configuration, connection, _reviews, _frontEnd, time, logger);
        foreach (var target in _targets.All)
            target.Catalogue.Start();
        _sessions.Reconsider(StillAdmittedBy(configuration));
        _watcher.Changed += Follow;
        foreach (var options in configuration.Listeners)
            _listeners.Add(await CreateListenerAsync(options, connection, cancellationToken));
        GatewayMetrics.Register(meter, _frontEnd, _journal, _targets, _watcher, _tokens, _listeners);
        _calls = CreateCalls(gateway);
        foreach (var listener in _listeners)
            listener.Start();
        _isListening = true;
    }

    public async Task DrainAsync(DrainSignal drain)
    {
        _isDraining = true;
        foreach (var listener in _listeners)
            await listener.StopAcceptingAsync();
        _sessions?.EndAllWhenIdle(Refusals.Drain.Because("the gateway is shutting down"));
        using var overdue = drain.Deadline.UnsafeRegister(static plane => ((GatewayDataPlane)plane!).CutOff(), this);
        await Task.WhenAll(_listeners.Select(listener => listener.Empty));
    }

    public Task<bool> CallAsync(string name, ReadOnlyMemory<byte> body, IBufferWriter<byte> answer, CancellationToken cancellationToken) =>
        _calls?.CallAsync(name, body, answer, cancellationToken) ?? Task.FromResult(false);

    public async ValueTask DisposeAsync()
    {
        await _stopped.CancelAsync();
        foreach (var listener in _listeners)
            await listener.DisposeAsync();
        foreach (var certificate in _certificates)
            certificate.Dispose();
        if (_watcher is not null) await _watcher.DisposeAsync();
        foreach (var review in _reviews.Values)
            await review.DisposeAsync();
        if (_targets is not null) await _targets.DisposeAsync();
        _tokens?.Dispose();
        _clock?.Dispose();
        if (_retention is not null) await _retention.DisposeAsync();
        if (_journal is not null) await _journal.DisposeAsync();
        _subjects?.Dispose();
        _evidence?.Dispose();
        _frontEnd?.Dispose();
        _keys?.Dispose();
        _books.Dispose();
        _budgets?.Dispose();
        _stopped.Dispose();
    }

    private async Task<Listener> CreateListenerAsync(
        ListenerOptions options, SocketConnectionOptions connection, CancellationToken cancellationToken)
    {
        ServerTls? tls = null;
        if (options.Tls is { } files)
        {
            tls = new ServerTls(
                files.CertificateFile, files.KeyFile, fault => OnCertificateReload(options.Name, fault), time,
                protocols: TlsVersions.From(files.MinimumVersion), asksForClientCertificate: files.AskForClientCertificate);
            _certificates.Add(tls);
        }

        var policy = new ConfigurationPolicySource(_watcher!);
        var gatekeeper = new Gatekeeper(
            _tokens!, _targets!, configuration.Limits, policy, _places, new MaskPlanner(_keys), _books, _budgets!.Book, _access!, options,
            configuration.Issuers.FirstOrDefault(issuer => issuer.Name == options.Oauthbearer?.Issuer), time);
        IConnectionHandler handler = options.Protocol is WireProtocol.MySql
            ? new MySqlConnectionHandler(new MySqlGateway(MySqlServicesOf(options, gatekeeper)), options.IAcceptPlaintext, _stopped.Token)
            : new PostgresConnectionHandler(new PostgresGateway(PostgresServicesOf(gatekeeper)), options.IAcceptPlaintext, _stopped.Token);
        var address = IPAddress.TryParse(options.Address.Host, out var literal)
            ? literal
            : (await Dns.GetHostAddressesAsync(options.Address.Host, cancellationToken))[0];
        var listener = new Listener(
            new ListenerSettings
            {
                EndPoint = new IPEndPoint(address, options.Address.Port),
                // Beyond the sessions there must be room for cancel requests, and for telling those that are too many why.
                ConnectionsMax = configuration.Limits.SessionsMax + HandshakesMax,
                ConnectionsPerAddressMax = configuration.Limits.SessionsMax + HandshakesMax,
                HandshakesMax = HandshakesMax,
                HandshakeTimeout = TimeSpan.FromSeconds(configuration.Limits.HandshakeTimeoutSeconds) + LastWordsGrace,
                Connection = connection with { ServerTls = tls },
                ProxyProtocol = options.ProxyProtocol is { } proxies ? new ProxyProtocolReader(proxies.Parsed, ProxyHeaderPatience) : null,
            },
            handler,
            logger, time);
        Log.Listening(logger, options.Name, listener.EndPoint.ToString());
        return listener;
    }

    private PostgresServices PostgresServicesOf(Gatekeeper gatekeeper) => new()
    {
        Gatekeeper = gatekeeper,
        FrontEnd = _frontEnd!,
        Journal = _journal!,
        Sessions = _sessions!,
        CancelKeys = _cancelKeys,
        Limits = LimitsOf(configuration.Limits),
        Answers = configuration.Gateway.Journal.Answers.ToPolicy(),
        Subjects = _subjects,
        Time = time,
        Logger = logger,
    };

    private MySqlServices MySqlServicesOf(ListenerOptions options, Gatekeeper gatekeeper)
    {
        var target = _targets!.Find(options.Target!, options.Target)!;
        return new MySqlServices
        {
            Gatekeeper = gatekeeper,
            Target = target.Name,
            Greeting = new TargetGreeting(target.ConnectAsync),
            FrontEndFor = MySqlFrontEnds.For,
            Journal = _journal!,
            Sessions = _sessions!,
            Threads = _threadNumbers,
            Limits = LimitsOf(configuration.Limits),
            Answers = configuration.Gateway.Journal.Answers.ToPolicy(),
            Subjects = _subjects,
            Time = time,
            Logger = logger,
        };
    }

    private ControlCalls CreateCalls(GatewayOptions gateway)
    {
        var desk = gateway.Credentials is { } options
            ? new CredentialDesk(
                options, new PublicAddresses(options, configuration.Listeners), _tokens!, _targets!, new ConfigurationPolicySource(_watcher!), _access!.Revocations, _access.Throttle, _access.Credentials, _journal!, time)
            : null;
        return new ControlCalls(
            desk, new OperatorDesk(_access!.Revocations, _sessions!, _access.Credentials, _journal!, time),
            name => _watcher!.Current.Issuers.FirstOrDefault(issuer => issuer.Name == name || issuer.Issuer == name)?.Issuer);
    }

    private void Follow(ConfigurationSnapshot snapshot)
    {
        RecordConfiguration(snapshot);
        _tokens!.Update(snapshot.Issuers);
        _sessions!.Reconsider(StillAdmittedBy(snapshot));
        foreach (var target in _targets!.All)
            if (snapshot.Classification.TryGetValue(target.Name, out var classification))
                target.Catalogue.Reclassify(classification);
    }

    /// <summary>
    /// Whether somebody would come in again as they did: the issuer is trusted, a rule lets something through, and the settings that the rules impose
    /// are those that the session began with, since they cannot be changed under it.
    /// </summary>
    private static Func<Admission, bool> StillAdmittedBy(ConfigurationSnapshot snapshot) => admission =>
        admission is { Principal: { } principal, Target: { } target }
        && snapshot.Issuers.Any(issuer => issuer.Issuer == principal.Issuer)
        && snapshot.Policy.For(principal, target.Name, target.Database) is { CanEverForward: true } rules
        && rules.Session == admission.Settings;

    /// <summary>Refuses to start on a target that masking cannot survive on; one that does not answer is looked at again later.</summary>
    private async Task ReviewTargetsAsync(CancellationToken cancellationToken)
    {
        var inspector = new TargetInspector(time);
        foreach (var (name, target) in configuration.Targets)
            _reviews[name] = new TargetReview(target, configuration.Classification[name], document, inspector, time, logger);
        var findings = await Task.WhenAll(_reviews.Values.Select(review => review.StartAsync(cancellationToken)));
        if (findings.SelectMany(finding => finding.Errors).ToArray() is { Length: > 0 } errors)
            throw new ConfigurationException([.. errors]);
    }

    private IEnumerable<string> TargetProblems()
    {
        foreach (var target in _targets?.All ?? [])
            if ((target.Review.Problem ?? target.Catalogue.StaleReason) is { } problem)
                yield return $"target {target}: {problem}";
    }

    /// <summary>The drain is overdue: sessions get their last words, whoever is still signing in does not.</summary>
    private void CutOff()
    {
        _sessions?.AbortAll();
        _stopped.CancelAfter(TimeSpan.FromSeconds(1));
    }

    private void OnCertificateReload(string listener, Exception? fault)
    {
        if (fault is null) Log.CertificateReloaded(logger, listener);
        else Log.CertificateRejected(logger, listener, fault.Message);
    }

    private void RecordConfiguration(ConfigurationSnapshot snapshot)
    {
        _journal!.TryAppend(
            new ConfigurationChangedRecord
            {
                OldVersion = _version,
                NewVersion = snapshot.Version,
                ChangedBy = snapshot.Author is { } author ? $"{author} (as rules.yaml says), {snapshot.Directory}" : snapshot.Directory,
                Digest = Convert.FromHexString(snapshot.Version),
            },
            out _);
        _version = snapshot.Version;
    }

    private static SocketConnectionOptions ConnectionOptionsOf(LimitOptions limits) => new()
    {
        // What must be seen whole, and its headers: MySQL has one more for every 16 MiB.
        FrameBytesMax = Math.Max(limits.MessageBytesMax, limits.RowBytesMax) + HeaderBytesMax,
        HandshakeTimeout = TimeSpan.FromSeconds(limits.HandshakeTimeoutSeconds),
    };

    private static Limits LimitsOf(LimitOptions limits) => new()
    {
        MessageBytesMax = limits.MessageBytesMax,
        RowBytesMax = limits.RowBytesMax,
        PendingRepliesMax = limits.RepliesOutstandingMax,
        ParametersMax = limits.ParametersMax,
        PreparedStatementsMax = limits.PreparedStatementsMax,
        PortalsMax = limits.PortalsMax,
        RefusalsMax = limits.RefusalsPerSessionMax,
        IdleTimeout = TimeSpan.FromSeconds(limits.IdleSessionTimeoutSeconds),
        StartupTimeout = TimeSpan.FromSeconds(limits.HandshakeTimeoutSeconds),
    };
}
