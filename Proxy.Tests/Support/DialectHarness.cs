using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Proxy.Core.Catalogue;
using Proxy.Core.Journal;
using Proxy.Core.Journal.Answers;
using Proxy.Core.Journal.Subjects;
using Proxy.Core.Masking;
using Proxy.Core.Policy;
using Proxy.Host.Catalogue;
using Proxy.Host.Transport;
using Proxy.Protocols;
using Proxy.Protocols.Postgres;

namespace Proxy.Tests.Support;

/// <summary>
/// Sessions of the PostgreSQL dialect in front of a real server, without start-up and TLS: thousands of them, or one that is looked into. Parser,
/// policy, judge and journal are the real ones; the catalogue is loaded once.
/// </summary>
public sealed class DialectHarness : IAsyncDisposable
{
    private static readonly Principal Agent = new() { Issuer = "https://issuer.test", Subject = "agent", ExpiresAt = DateTimeOffset.MaxValue };
    private readonly TemporaryDirectory _directory;
    private readonly PostgresServer _server;
    private readonly string _database;
    private readonly Limits _limits;
    private readonly MaskingKeys _keys = new(new byte[32]);
    private readonly MappedJournal _mapped;
    private readonly ScramKeyCache _scramKeys = new();

    // Moves on with every request to cancel: how many are passed on in a second is not what is tested with this.
    private readonly FakeTimeProvider _cancelTime = new();
    private readonly CancelKeys _cancelKeys;

    private DialectHarness(
        TemporaryDirectory directory, PostgresServer server, string database, AccessPolicy policy, Limits limits, MappedJournal journal, CatalogueSnapshot catalogue)
    {
        _directory = directory;
        _server = server;
        _database = database;
        _limits = limits;
        _mapped = journal;
        Journal = new SwitchableJournal(journal);
        Policy = new SwitchablePolicy(policy);
        Catalogue = new FixedCatalogue(catalogue);
        _cancelKeys = new CancelKeys(_cancelTime);
        StaleKey = _cancelKeys.Issue(0, static () => Task.CompletedTask);
        _cancelKeys.Revoke(StaleKey);
    }

    /// <summary>Whether a cancel reaches a server process as one signal; see <see cref="CancelOnceAsync"/>.</summary>
    public bool SignalsOnce { get; set; }

    /// <summary>The key of a session that is over.</summary>
    public CancelTicket StaleKey { get; }

    public SwitchablePolicy Policy { get; }

    public FixedCatalogue Catalogue { get; }

    /// <summary>Makes codes of whose rows answers hold; null makes none.</summary>
    public SubjectCoder? Subjects { get; set; }

    /// <summary>How many codes an answer is recorded with.</summary>
    public int SubjectsMax { get; set; } = new AnswerPolicy().SubjectsMax;

    public SwitchableJournal Journal { get; }

    public string JournalDirectory => _directory.Path;

    public static async Task<DialectHarness> StartAsync(
        PostgresServer server, string database, AccessPolicy policy, IColumnClassifier classifier, Limits? limits = null)
    {
        var directory = new TemporaryDirectory();
        var journal = await MappedJournal.OpenAsync(
            new JournalOptions { Directory = directory.Path, SegmentBytes = 32 << 20, RecordBytesMax = 2 << 20 }, TimeProvider.System, CancellationToken.None);
        await using var catalogue = new CatalogueSource(
            new CatalogueLoader(new NpgsqlConnectionStringBuilder(server.ConnectionString(database)), TimeProvider.System), classifier, GatewayHarness.SharedFrontEnd.Value, TimeProvider.System);
        await catalogue.LoadAsync(CancellationToken.None);
        return new DialectHarness(directory, server, database, policy, limits ?? new Limits { RefusalsMax = int.MaxValue, RepeatedRefusalsMax = int.MaxValue }, journal, catalogue.Current);
    }

    /// <param name="settings">Start-up parameters of the server connection.</param>
    public async Task<DialectSession> OpenAsync(params KeyValuePair<string, string>[] settings)
    {
        var (server, greeting) = await OpenServerAsync(_server, _database, _scramKeys, settings);
        var judge = new SessionJudge(Agent, "test", _database, Policy, Catalogue, new MaskPlanner(_keys), TimeProvider.System);
        var key = _cancelKeys.Issue(0, () => SignalsOnce ? CancelOnceAsync(_server, greeting.CancelKey) : CancelAtServerAsync(_server, greeting.CancelKey));
        return new DialectSession(
            server, key, greeting.CancelKey, () => _cancelKeys.Revoke(key), new PostgresDialect(
                Guid.NewGuid(), GatewayHarness.SharedFrontEnd.Value, judge, Journal, greeting, _limits, TimeProvider.System,
                subjects: Subjects is { } coder ? new SubjectCollector(coder, SubjectsMax) : null));
    }

    /// <summary>The same connection without anything in between.</summary>
    public static async Task<(IConnection Connection, CancelTicket Key)> OpenDirectAsync(
        PostgresServer server, string database, params KeyValuePair<string, string>[] settings)
    {
        var (connection, greeting) = await OpenServerAsync(server, database, new ScramKeyCache(), settings);
        return (connection, greeting.CancelKey);
    }

    /// <summary>What a client of a session's gateway asks for with a CancelRequest. False when the key is nobody's.</summary>
    public Task<bool> CancelAsync(CancelTicket key)
    {
        _cancelTime.Advance(TimeSpan.FromSeconds(1));
        return _cancelKeys.CancelAsync(key);
    }

    /// <summary>
    /// A CancelRequest is passed on as two signals, to the process and to its group (postmaster.c, signal_child): the second can hit the statement
    /// behind the one that was meant [ran]. This is one signal.
    /// </summary>
    public static async Task CancelOnceAsync(PostgresServer server, CancelTicket key) =>
        await server.ExecuteAsync("postgres", $"select pg_cancel_backend({key.ProcessId})");

    /// <summary>Asks the server itself by CancelRequest, and waits until it has passed the signals on.</summary>
    public static async Task CancelAtServerAsync(PostgresServer server, CancelTicket key)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync("127.0.0.1", server.Port);
        await tcp.GetStream().WriteAsync(PostgresRequests.CancelRequest(key.ProcessId, key.Secret));
        while (await tcp.GetStream().ReadAsync(new byte[1]) > 0)
        {
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _mapped.DisposeAsync();
        _keys.Dispose();
        _directory.Dispose();
    }

    private static async Task<(IConnection Connection, ServerGreeting Greeting)> OpenServerAsync(
        PostgresServer server, string database, ScramKeyCache keys, KeyValuePair<string, string>[] settings)
    {
        var connection = await new ServerDialer("127.0.0.1", server.Port, SocketConnectionOptions.Default, TimeSpan.FromSeconds(10)).ConnectAsync(CancellationToken.None);
        var greeting = await new PostgresServerLogin(connection, requiresTls: false, keys).RunAsync(
            [new("user", TestUser.Trust.Name), new("database", database), .. settings], TestUser.Trust.Name, [], CancellationToken.None);
        return (connection, greeting);
    }
}
