using NUnit.Framework;
using Proxy.Tests.Live.Differential;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Clients;

/// <summary>
/// Real drivers, directly and through the real program: every step of each must succeed. With masking off they see what the server shows; with
/// masking on, redacted and pseudonymous, the same structure, and no value that is to be masked.
/// </summary>
public sealed class ClientTests
{
    /// <summary>What is not named here was not reviewed, and is masked as such.</summary>
    public const string Classification = """
        tables:
          public.patient: { id: not-phi, name: name, born: date, weight: not-phi, active: not-phi, note: free-text }
          public.note: { id: not-phi, body: not-phi, at: not-phi }
        """;

    /// <summary>Of the columns of patient that are PHI; no script says them.</summary>
    private static readonly string[] Canaries = ["Bjørn", "Neill", "allergic", "1815", "1990"];

    /// <summary>Steps about types, names and the driver itself: masking changes nothing about them.</summary>
    private static readonly string[] StructureSteps =
        ["text and binary agree", "description", "tables", "columns", "primary keys", "enum by name", "structure", "errors of names"];

    private ClientEndpoint _direct = null!;
    private PhiGateProcess _process = null!;
    private PostgresServer _server = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _server = await SharedServers.PostgresAsync();
        var database = await _server.CreateDatabaseAsync("client");
        await _server.ExecuteAsync(database, ExchangeDatabase.Create);
        _direct = _server.Endpoint(database, ExchangePlayer.Role);
        _process = await PhiGateProcess.StartAsync(new PhiGateOptions
        {
            Server = _server,
            Database = database,
            User = ExchangePlayer.Role,
            Classification = Classification,
        });
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_process is not null)
            await _process.DisposeAsync();
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
        var expected = await RunAsync(run, _direct);
        Assert.That(await RunAsync(run, _process.Endpoint()), Is.EqualTo(expected));
        foreach (var group in (string[])[PhiGateOptions.RedactGroup, PhiGateOptions.PseudonymGroup])
        {
            var actual = await RunAsync(run, _process.Endpoint(group));
            Assert.That(actual.Select(step => step.Name), Is.EqualTo(expected.Select(step => step.Name)));
            Assert.That(actual.Where(IsStructure), Is.EqualTo(expected.Where(IsStructure)));
            foreach (var step in actual)
                foreach (var canary in Canaries)
                    Assert.That(step.Outcome, Does.Not.Contain(canary), step.Name);
        }
    }

    private async Task<IReadOnlyList<ClientStep>> RunAsync(Func<ClientEndpoint, Task<IReadOnlyList<ClientStep>>> run, ClientEndpoint endpoint)
    {
        await _server.ExecuteAsync(_direct.Database, ExchangeDatabase.Reset);
        return await run(endpoint);
    }

    private static bool IsStructure(ClientStep step) => StructureSteps.Contains(step.Name);
}
