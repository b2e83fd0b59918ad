using NUnit.Framework;
using Proxy.Tests.Live.Differential;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Clients;

/// <summary>
/// Real drivers against an endpoint: every step of each must succeed, and see what it sees directly unless the endpoint masks.
/// A derived fixture says what the endpoint is.
/// </summary>
public abstract class ClientTests
{
    private ClientEndpoint _direct = null!;
    private ClientEndpoint _endpoint = null!;
    private PostgresServer _server = null!;

    /// <summary>False when the endpoint masks: then the same steps must succeed, and what they see differs by intent.</summary>
    protected virtual bool ShowsValues => true;

    /// <summary>Starts the endpoint, which leads to the given database as <see cref="ExchangePlayer.Role"/>.</summary>
    protected abstract Task<ClientEndpoint> StartAsync(PostgresServer server, string database);

    [OneTimeSetUp]
    public async Task Start()
    {
        _server = await SharedServers.PostgresAsync();
        var database = await _server.CreateDatabaseAsync("client");
        await _server.ExecuteAsync(database, ExchangeDatabase.Create);
        _direct = _server.Endpoint(database, ExchangePlayer.Role);
        _endpoint = await StartAsync(_server, database);
    }

    [TestCaseSource(nameof(PsqlScripts))]
    public Task Psql(string script) => CompareAsync(async endpoint => [await PsqlProgram.RunAsync(endpoint, script)]);

    [Test]
    public Task Psycopg() => CompareAsync(PsycopgProgram.RunAsync);

    [Test]
    public Task Jdbc() => CompareAsync(endpoint => JdbcProgram.RunAsync(endpoint, "extended"));

    [Test]
    public Task Jdbc_with_simple_queries_only() => CompareAsync(endpoint => JdbcProgram.RunAsync(endpoint, "simple"));

    [Test]
    public Task Npgsql() => CompareAsync(NpgsqlProgram.RunAsync);

    [Test]
    public Task Npgsql_without_async() => CompareAsync(endpoint => Task.FromResult(NpgsqlSyncProgram.Run(endpoint)));

    private static IEnumerable<string> PsqlScripts() => PsqlProgram.Scripts;

    private async Task CompareAsync(Func<ClientEndpoint, Task<IReadOnlyList<ClientStep>>> run)
    {
        await _server.ExecuteAsync(_direct.Database, ExchangeDatabase.Reset);
        var expected = await run(_direct);
        await _server.ExecuteAsync(_direct.Database, ExchangeDatabase.Reset);
        var actual = await run(_endpoint);
        if (ShowsValues)
            Assert.That(actual, Is.EqualTo(expected));
        else
            Assert.That(actual.Select(step => step.Name), Is.EqualTo(expected.Select(step => step.Name)));
    }
}
