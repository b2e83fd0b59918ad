using System.Net;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Proxy.Core.Journal;
using Proxy.Core.Journal.Subjects;
using Proxy.Core.Policy;
using Proxy.Core.Sql;
using Proxy.Host.Transport;
using Proxy.Host.Transport.Tls;
using Proxy.Protocols;
using Proxy.Protocols.MySql;
using Proxy.Protocols.Postgres;

namespace Proxy.Tests.Support.MySql;

/// <summary>
/// The gateway's MySQL side inside the test process: real sockets, real TLS, a real journal, and any server. Sign-in is a password that the harness knows, and
/// texts are read and judged as the test says.
/// </summary>
internal sealed class MySqlGatewayHarness : IAsyncDisposable
{
    public const string Token = "a-token-that-the-harness-knows";

    /// <summary>Signs in for one request.</summary>
    public const string OneRequestUser = "one-request";

    /// <summary>Of whom the rules want one statement in a text.</summary>
    public const string OneStatementUser = "one-statement";

    private readonly TemporaryDirectory _directory;
    private readonly Listener _listener;
    private readonly ServerTls _tls;

    private MySqlGatewayHarness(
        int serverPort, string database, MariaDbUser user, Limits limits, MappedJournal journal, ISqlFrontEnd frontEnd, Func<IStatementJudge> judge, TemporaryDirectory directory,
        SubjectCoder? subjects)
    {
        _directory = directory;
        Journal = journal;
        Database = database;
        var certificates = TestCertificates.Shared;
        _tls = new ServerTls(certificates.ServerCertificatePath, certificates.ServerKeyPath);
        var target = new HarnessTarget(serverPort, database, user);
        var services = new MySqlServices
        {
            Gatekeeper = new HarnessGatekeeper(target, judge),
            Target = target.Name,
            Greeting = new TargetGreeting(target.ConnectAsync),
            FrontEndFor = (_, _, _) => frontEnd,
            Journal = journal,
            Sessions = Sessions,
            Threads = new ThreadNumbers(),
            Limits = limits,
            Subjects = subjects,
            Time = TimeProvider.System,
            Logger = NullLogger.Instance,
        };
        _listener = new Listener(
            new ListenerSettings
            {
                EndPoint = new IPEndPoint(IPAddress.Loopback, 0),
                HandshakeTimeout = limits.StartupTimeout + TimeSpan.FromSeconds(1),
                Connection = new SocketConnectionOptions { ServerTls = _tls, FrameBytesMax = Math.Max(limits.MessageBytesMax, limits.RowBytesMax) + 1024 },
            },
            new HarnessHandler(new MySqlGateway(services)),
            NullLogger.Instance);
    }

    public MappedJournal Journal { get; }

    public HarnessSessions Sessions { get; } = new();

    public string Database { get; }

    public string JournalDirectory => _directory.Path;

    /// <summary>How a client reaches the gateway.</summary>
    public ClientEndpoint Endpoint => new("localhost", _listener.EndPoint.Port, Database, "agent", Token, TestCertificates.Shared.AuthorityPath);

    public static Task<MySqlGatewayHarness> StartAsync(MariaDbServer server, string database, bool masks = false, MariaDbUser? user = null, Limits? limits = null) =>
        StartAsync(server.Port, database, new LenientFrontEnd(), new LenientJudge(masks), user, limits);

    public static Task<MySqlGatewayHarness> StartAsync(
        int serverPort, string database, ISqlFrontEnd frontEnd, IStatementJudge judge, MariaDbUser? user = null, Limits? limits = null) =>
        StartAsync(serverPort, database, frontEnd, () => judge, user, limits);

    /// <param name="serverPort">Of the server.</param>
    /// <param name="database">That sessions are admitted to.</param>
    /// <param name="frontEnd">Reads texts.</param>
    /// <param name="judge">Makes the judge of each session.</param>
    /// <param name="user">Whom sessions sign in as.</param>
    /// <param name="limits">Of the gateway.</param>
    /// <param name="subjects">Makes codes of those whose rows answers hold.</param>
    public static async Task<MySqlGatewayHarness> StartAsync(
        int serverPort, string database, ISqlFrontEnd frontEnd, Func<IStatementJudge> judge, MariaDbUser? user = null, Limits? limits = null,
        SubjectCoder? subjects = null)
    {
        var directory = new TemporaryDirectory();
        var journal = await MappedJournal.OpenAsync(
            new JournalOptions { Directory = directory.Path, SegmentBytes = 32 << 20, RecordBytesMax = 4 << 20 }, TimeProvider.System, CancellationToken.None);
        var harness = new MySqlGatewayHarness(
            serverPort, database, user ?? MariaDbUser.Native, limits ?? new Limits { RefusalsMax = int.MaxValue, RepeatedRefusalsMax = int.MaxValue }, journal, frontEnd, judge, directory, subjects);
        harness._listener.Start();
        return harness;
    }

    /// <summary>For MySqlConnector: without a pool, over verified TLS, with the token as the password.</summary>
    public string ConnectionString => new MySqlConnector.MySqlConnectionStringBuilder
    {
        Server = Endpoint.Host,
        Port = (uint)Endpoint.Port,
        Database = Database,
        UserID = Endpoint.User,
        Password = Token,
        SslMode = MySqlConnector.MySqlSslMode.VerifyFull,
        SslCa = Endpoint.AuthorityPath,
        Pooling = false,
        AllowUserVariables = true,
    }.ConnectionString;

    public async ValueTask DisposeAsync()
    {
        await _listener.StopAcceptingAsync();
        await _listener.DisposeAsync();
        await Journal.DisposeAsync();
        _tls.Dispose();
        _directory.Dispose();
    }

    private sealed class HarnessHandler(MySqlGateway gateway) : IConnectionHandler
    {
        public Task HandleAsync(InboundConnection inbound) =>
            gateway.ServeAsync(inbound.Connection, acceptsPlaintext: false, inbound.Established, CancellationToken.None);

        public Task RefuseAsync(SocketConnection connection, AdmissionLimit limit, CancellationToken deadline) => Task.CompletedTask;
    }

    private sealed class HarnessGatekeeper(HarnessTarget target, Func<IStatementJudge> judge) : IGatekeeper
    {
        public ValueTask<Admission> AdmitAsync(SignInRequest request, ReadOnlyMemory<byte> token, CancellationToken cancellationToken) =>
            ValueTask.FromResult(Encoding.UTF8.GetString(token.Span) == Token
                ? new Admission
                {
                    Principal = new Principal { Issuer = "https://issuer.test", Subject = request.User, ExpiresAt = DateTimeOffset.MaxValue },
                    Target = target,
                    Judge = judge(),
                    IsForOneRequest = request.User == OneRequestUser,
                    Settings = new SessionSettings { OneStatementPerText = request.User == OneStatementUser },
                }
                : Admission.Refused(Refusals.SignInFailed.Because("wrong token"), "wrong token"));
    }

    private sealed class HarnessTarget(int port, string database, MariaDbUser user) : ITarget
    {
        private readonly SocketConnectionOptions _options = new()
        {
            ClientTls = new ClientTls(ClientTlsMode.VerifyFull, "localhost", TestCertificates.Shared.AuthorityPath),
            FrameBytesMax = (64 << 20) + 1024,
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
}
