using System.Net;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Proxy.Core.Catalogue;
using Proxy.Core.Journal;
using Proxy.Core.Masking;
using Proxy.Core.Policy;
using Proxy.Core.Policy.Budgets;
using Proxy.Core.Sql.Postgres;
using Proxy.Host.Catalogue;
using Proxy.Host.Transport;
using Proxy.Host.Transport.Tls;
using Proxy.Protocols;
using Proxy.Protocols.Postgres;

namespace Proxy.Tests.Support;

/// <summary>
/// The gateway inside the test process: real sockets, real TLS, real parser, journal, catalogue and server; only sign-in is a password that the
/// harness knows. For tests that look at a session from within, or need many of them quickly.
/// </summary>
public sealed class GatewayHarness : IAsyncDisposable
{
    public const string Token = "a-token-that-the-harness-knows";

    /// <summary>The user whose sessions are good for one request.</summary>
    public const string OneRequestUser = "one-request";

    private readonly TemporaryDirectory _directory;
    private readonly Listener _listener;
    private readonly CatalogueSource _catalogue;
    private readonly PostgresFrontEnd _frontEnd;
    private readonly MaskingKeys _keys = new(new byte[32]);
    private readonly BudgetCodes _codes = new();
    private readonly ServerTls _tls;
    private EvidenceKeys? _evidenceKeys;

    private GatewayHarness(
        PostgresServer server, string database, TestUser user, Limits limits, MappedJournal journal, IColumnClassifier classifier, AccessPolicy policy,
        TemporaryDirectory directory, int sessionPort)
    {
        _directory = directory;
        Journal = journal;
        Database = database;
        _frontEnd = SharedFrontEnd.Value;
        _catalogue = new CatalogueSource(
            new CatalogueLoader(new NpgsqlConnectionStringBuilder(server.ConnectionString(database, user)), TimeProvider.System), classifier, _frontEnd, TimeProvider.System);
        Policy = new SwitchablePolicy(policy);
        var certificates = TestCertificates.Shared;
        _tls = new ServerTls(certificates.ServerCertificatePath, certificates.ServerKeyPath);
        var target = new HarnessTarget(sessionPort, database, user);
        var services = new PostgresServices
        {
            Gatekeeper = new HarnessGatekeeper(target, Policy, _catalogue, new MaskPlanner(_keys, book: new TokenBook()), new BudgetBook(_codes, TimeProvider.System)),
            FrontEnd = _frontEnd,
            Journal = journal,
            Sessions = Sessions,
            CancelKeys = new CancelKeys(TimeProvider.System),
            Limits = limits,
            Time = TimeProvider.System,
            Logger = NullLogger.Instance,
        };
        _listener = new Listener(
            new ListenerSettings
            {
                EndPoint = new IPEndPoint(IPAddress.Loopback, 0),
                HandshakeTimeout = limits.StartupTimeout + TimeSpan.FromSeconds(1), // As the data plane: the session ends itself first.
                Connection = new SocketConnectionOptions { ServerTls = _tls },
            },
            new HarnessHandler(new PostgresGateway(services)),
            NullLogger.Instance);
    }

    internal static readonly Lazy<PostgresFrontEnd> SharedFrontEnd = new(() => new PostgresFrontEnd(new PostgresFrontEndOptions()));

    public MappedJournal Journal { get; }

    public SwitchablePolicy Policy { get; }

    public HarnessSessions Sessions { get; } = new();

    public string Database { get; }

    public string JournalDirectory => _directory.Path;

    public ICatalogueSource Catalogue => _catalogue;

    /// <summary>How a client reaches the gateway.</summary>
    public ClientEndpoint Endpoint => new("localhost", _listener.EndPoint.Port, Database, "agent", Token, TestCertificates.Shared.AuthorityPath);

    public static async Task<GatewayHarness> StartAsync(
        PostgresServer server, string database, AccessPolicy policy, IColumnClassifier? classifier = null, TestUser? user = null, Limits? limits = null,
        HarnessFaults? faults = null)
    {
        var directory = new TemporaryDirectory();
        var options = new JournalOptions { Directory = directory.Path, SegmentBytes = 8 << 20, RecordBytesMax = 2 << 20 };
        if (faults?.Disk is { } disk) options = options with { SegmentBytes = JournalOptions.SegmentBytesMin, Allocator = disk };
        var keys = faults?.Sync is null ? null : new EvidenceKeys();
        if (faults?.Sync is { } sync) options = options with { Sync = sync, Evidence = keys!.Flushed() };
        var journal = await MappedJournal.OpenAsync(options, TimeProvider.System, CancellationToken.None);
        var harness = new GatewayHarness(
            server, database, user ?? TestUser.Scram, limits ?? new Limits(), journal, classifier ?? EverythingIsPhi.Instance, policy,
            directory, faults?.SessionPort ?? server.Port)
        { _evidenceKeys = keys };
        await harness._catalogue.LoadAsync(CancellationToken.None);
        harness._catalogue.Start();
        harness._listener.Start();
        return harness;
    }

    /// <summary>A rule that lets everything through as it is: masking off.</summary>
    public static AccessPolicy ShowEverything { get; } = new(
        [new AccessRule { Name = "everything", Risk = new RiskCondition { Within = ~RiskClasses.None }, Verdict = Verdict.Allow, Profile = MaskProfile.Unmasked }], "show");

    /// <summary>Reads and writes are masked with a profile; the rest refuses.</summary>
    public static AccessPolicy Masked(MaskProfile profile) => new(
        [
            new AccessRule
            {
                Name = "masked",
                Risk = new RiskCondition
                {
                    Within = RiskClasses.Read | RiskClasses.PhiRead | RiskClasses.BulkRead | RiskClasses.Write | RiskClasses.BulkWrite | RiskClasses.Session
                        | RiskClasses.PhiEquality,
                },
                Verdict = Verdict.Mask,
                Profile = profile,
            },
        ],
        $"masked {profile}");

    public async ValueTask DisposeAsync()
    {
        await _listener.StopAcceptingAsync();
        await _listener.DisposeAsync();
        await _catalogue.DisposeAsync();
        await Journal.DisposeAsync();
        _evidenceKeys?.Dispose();
        _tls.Dispose();
        _keys.Dispose();
        _codes.Dispose();
        _directory.Dispose();
    }

    private sealed class HarnessHandler(PostgresGateway gateway) : IConnectionHandler
    {
        public Task HandleAsync(InboundConnection inbound) =>
            gateway.ServeAsync(inbound.Connection, acceptsPlaintext: false, inbound.Established, CancellationToken.None);

        public Task RefuseAsync(SocketConnection connection, AdmissionLimit limit, CancellationToken deadline) => Task.CompletedTask;
    }

    private sealed class HarnessGatekeeper(
        HarnessTarget target, IPolicySource policy, ICatalogueSource catalogue, MaskPlanner planner, BudgetBook budgets) : IGatekeeper
    {
        private static readonly Principal Agent = new() { Issuer = "https://issuer.test", Subject = "agent", ExpiresAt = DateTimeOffset.MaxValue };

        public ValueTask<Admission> AdmitAsync(SignInRequest request, ReadOnlyMemory<byte> token, CancellationToken cancellationToken) =>
            ValueTask.FromResult(Encoding.UTF8.GetString(token.Span) == Token
                ? new Admission
                {
                    Principal = Agent,
                    Target = target,
                    Settings = policy.Current.For(Agent, target.Name, target.Database).Session,
                    IsForOneRequest = request.User == OneRequestUser,
                    Judge = new SessionJudge(Agent, target.Name, target.Database, policy, catalogue, planner, TimeProvider.System, budgets),
                }
                : Admission.Refused(Refusals.SignInFailed.Because("wrong token"), "wrong token"));
    }

    private sealed class HarnessTarget(int port, string database, TestUser user) : ITarget
    {
        private readonly SocketConnectionOptions _options = new()
        {
            ClientTls = new ClientTls(ClientTlsMode.VerifyFull, "localhost", TestCertificates.Shared.AuthorityPath),
        };

        public string Name => "test";

        public string Database => database;

        public string User => user.Name;

        public bool RequiresTls => true;

        public ScramKeyCache ScramKeys { get; } = new();

        public async ValueTask<IConnection> ConnectAsync(CancellationToken cancellationToken) =>
            await new ServerDialer("127.0.0.1", port, _options, TimeSpan.FromSeconds(10)).ConnectAsync(cancellationToken);

        public ValueTask<ServerCredential> GetCredentialAsync(CancellationToken cancellationToken) =>
            ValueTask.FromResult(new ServerCredential(user.Name, Encoding.UTF8.GetBytes(user.Password)));
    }

    private sealed class EverythingIsPhi : IColumnClassifier
    {
        public static readonly EverythingIsPhi Instance = new();

        public IdentifierClass Classify(string schema, string table, string column, string typeName) => IdentifierClass.Unreviewed;
    }
}
