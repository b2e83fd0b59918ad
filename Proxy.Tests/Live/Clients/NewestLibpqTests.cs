using System.Runtime.CompilerServices;
using NUnit.Framework;
using Proxy.Tests.Live.Differential;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Clients;

/// <summary>
/// libpq 18 through PhiGate in front of PostgreSQL 18, with masking off and on: TLS without SSLRequest, and protocol 3.2 with its longer cancel keys.
/// </summary>
public sealed class NewestLibpqTests
{
    private PhiGateProcess _process = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        var server = await SharedServers.PostgresAsync(PostgresVersion.V18);
        var database = await server.CreateDatabaseAsync("libpq");
        await server.ExecuteAsync(database, ExchangeDatabase.Create);
        _process = await PhiGateProcess.StartAsync(new PhiGateOptions
        {
            Server = server,
            Database = database,
            User = ExchangePlayer.Role,
            Classification = ClientTests.Classification,
        });
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_process is not null)
            await _process.DisposeAsync();
    }

    [TestCase("direct", "3.2", 30002, PhiGateOptions.ShowGroup, "Ada Ångström")]
    [TestCase("direct", "3.0", 30000, PhiGateOptions.RedactGroup, "****")]
    [TestCase("postgres", "3.2", 30002, PhiGateOptions.RedactGroup, "****")]
    [TestCase("postgres", "3.0", 30000, PhiGateOptions.ShowGroup, "Ada Ångström")]
    public async Task It_connects_queries_and_cancels(string negotiation, string protocol, int expectedProtocol, string group, string name)
    {
        var library = Path.Combine(await PostgresBinaries.DirectoryOfAsync(PostgresVersion.V18), "..", "lib", "libpq.so.5");
        var connection = ConnectionString(_process.Endpoint(group), negotiation, protocol);
        var steps = ClientOutput.Read("libpq", await Command.RunAsync("/usr/bin/python3", [Script(), library, connection], "",
            new Dictionary<string, string?> { ["LD_LIBRARY_PATH"] = Path.GetDirectoryName(library), ["PYTHONIOENCODING"] = "utf-8" }));
        Assert.That(steps, Is.EqualTo((ClientStep[])
        [
            new("protocol", $"{expectedProtocol}"),
            new("alpn", "postgresql"),
            new("query", name),
            new("error", "22012"),
            new("cancel", "57014"),
            new("after cancel", "alive"),
        ]));
    }

    private static string ConnectionString(ClientEndpoint endpoint, string negotiation, string protocol) =>
        $"host={endpoint.Host} port={endpoint.Port} dbname={endpoint.Database} user={endpoint.User} password='{endpoint.Password}' "
        + $"sslmode=verify-full sslrootcert={endpoint.AuthorityPath} sslnegotiation={negotiation} "
        + $"min_protocol_version=3.0 max_protocol_version={protocol} connect_timeout=30";

    private static string Script([CallerFilePath] string thisFile = "") =>
        Path.Combine(Path.GetDirectoryName(thisFile)!, "libpq_client.py");
}
