using Proxy.Core.Journal;
using Proxy.Core.Policy;
using Proxy.Core.Sql;
using Proxy.Host.Transport;
using Proxy.Protocols;
using Proxy.Protocols.MySql;
using Proxy.Protocols.MySql.Messages;

namespace Proxy.Tests.Support.MySql;

/// <summary>
/// One session of the MySQL dialect behind its sign-in: the client is in the test process, the server is real, and the dialect can be asked what it believes.
/// </summary>
internal sealed class MySqlDialectSession : IAsyncDisposable
{
    private readonly DuplexPipePair _pair = new();
    private readonly IConnection _server;
    private readonly MySqlDialect _dialect;
    private readonly Session _session;
    private readonly Task<SessionEnd> _ended;

    private MySqlDialectSession(IConnection server, ServerSession session, MySqlSessionFacts facts, ISqlFrontEnd frontEnd, IStatementJudge judge, IJournal journal)
    {
        _server = server;
        SetupText = session.SetupText;
        _dialect = new MySqlDialect(
            Id, facts, frontEnd, judge, journal, session.Status, new Limits { RefusalsMax = int.MaxValue, RepeatedRefusalsMax = int.MaxValue }, TimeProvider.System);
        _session = new Session(_pair.Near, server, _dialect);
        Client = MySqlWireClient.Over(_pair.Far);
        _ended = _session.RunAsync(CancellationToken.None);
    }

    /// <summary>Names it in the record.</summary>
    public Guid Id { get; } = Guid.NewGuid();

    public MySqlWireClient Client { get; }

    /// <summary>What the gateway has sent to begin the session, and sends again behind COM_RESET_CONNECTION.</summary>
    public byte[] SetupText { get; }

    /// <summary>Why it ended, for a failure message.</summary>
    public string Reason => $"{(_ended.IsCompleted ? _ended.Status.ToString() : "alive")} {_dialect.Violation} {_session.Fault}";

    /// <summary>What the ledger believes of the server.</summary>
    public (IReadOnlyList<uint> Statements, bool IsInTransaction) Believed => _dialect.Believed();

    /// <param name="server">Where to log in, without TLS.</param>
    /// <param name="database">Which is the default then.</param>
    /// <param name="capabilities">What the client asks for.</param>
    /// <param name="frontEnd">Reads texts.</param>
    /// <param name="judge">Decides on them.</param>
    /// <param name="journal">Keeps the record.</param>
    public static async Task<MySqlDialectSession> OpenAsync(
        MariaDbServer server, string database, uint capabilities, ISqlFrontEnd frontEnd, IStatementJudge judge, IJournal journal)
    {
        var dialer = new ServerDialer("127.0.0.1", server.Port, SocketConnectionOptions.Default, TimeSpan.FromSeconds(10));
        var connection = await dialer.ConnectAsync(CancellationToken.None);
        try
        {
            var user = MariaDbUser.Native;
            var response = new HandshakeResponse { Capabilities = (Capabilities)capabilities, Collation = 45, User = user.Name, Database = database };
            var session = await new MySqlServerLogin(connection, new TargetGreeting(async cancellationToken => await dialer.ConnectAsync(cancellationToken)), requiresTls: false)
                .RunAsync(response, user.Name, System.Text.Encoding.UTF8.GetBytes(user.Password), database, SessionSettings.None, CancellationToken.None);
            var facts = new MySqlSessionFacts
            {
                Capabilities = (Capabilities)capabilities & MySqlStartup.Understood,
                Principal = new Principal { Issuer = "https://issuer.test", Subject = "agent", ExpiresAt = DateTimeOffset.MaxValue },
                Target = "test",
                Database = database,
                RequestedDatabase = database,
                SetupText = session.SetupText,
                IsUtf8 = true,
                TakesSeveralStatements = (capabilities & MySqlWireClient.SeveralStatements) != 0,
                Threads = new ThreadNumbers(),
            };
            return new MySqlDialectSession(connection, session, facts, frontEnd, judge, journal);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Writes the last record of the session.</summary>
    public void RecordClosed() => _dialect.RecordClosed("the test is over", 0, 0);

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await _ended;
        await _server.DisposeAsync();
        await _pair.DisposeAsync();
        _dialect.Dispose();
    }
}
