using Npgsql;
using Proxy.Core.Catalogue;
using Proxy.Core.Journal;
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
    }

    public SwitchablePolicy Policy { get; }

    public FixedCatalogue Catalogue { get; }

    public SwitchableJournal Journal { get; }

    public string JournalDirectory => _directory.Path;

    public static async Task<DialectHarness> StartAsync(
        PostgresServer server, string database, AccessPolicy policy, IColumnClassifier classifier, Limits? limits = null)
    {
        var directory = new TemporaryDirectory();
        var journal = await MappedJournal.OpenAsync(
            new JournalOptions { Directory = directory.Path, SegmentBytes = 32 << 20, RecordBytesMax = 2 << 20 }, TimeProvider.System, CancellationToken.None);
        await using var catalogue = new CatalogueSource(
            new CatalogueLoader(new NpgsqlConnectionStringBuilder(server.ConnectionString(database)), TimeProvider.System), classifier, TimeProvider.System);
        await catalogue.LoadAsync(CancellationToken.None);
        return new DialectHarness(directory, server, database, policy, limits ?? new Limits { RefusalsMax = int.MaxValue }, journal, catalogue.Current);
    }

    /// <param name="settings">Start-up parameters of the server connection.</param>
    public async Task<DialectSession> OpenAsync(params KeyValuePair<string, string>[] settings)
    {
        var (server, greeting) = await OpenServerAsync(_server, _database, _scramKeys, settings);
        var judge = new SessionJudge(Agent, "test", _database, Policy, Catalogue, new MaskPlanner(_keys), TimeProvider.System);
        return new DialectSession(
            server, new PostgresDialect(Guid.NewGuid(), GatewayHarness.SharedFrontEnd.Value, judge, Journal, greeting, _limits, TimeProvider.System));
    }

    /// <summary>The same connection without anything in between.</summary>
    public static async Task<IConnection> OpenDirectAsync(PostgresServer server, string database, params KeyValuePair<string, string>[] settings) =>
        (await OpenServerAsync(server, database, new ScramKeyCache(), settings)).Connection;

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
