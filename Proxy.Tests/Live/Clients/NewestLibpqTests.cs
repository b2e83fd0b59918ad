using System.Runtime.CompilerServices;
using NUnit.Framework;
using Proxy.Tests.Live.Differential;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Clients;

/// <summary>
/// libpq 18 against an endpoint in front of PostgreSQL 18: TLS without SSLRequest, and protocol 3.2 with its longer cancel keys.
/// A derived fixture says what the endpoint is.
/// </summary>
public abstract class NewestLibpqTests
{
    /// <summary>False when the endpoint masks what the query shows.</summary>
    protected virtual bool ShowsValues => true;

    /// <summary>Starts the endpoint, which leads to the given database as <see cref="ExchangePlayer.Role"/>.</summary>
    protected abstract Task<ClientEndpoint> StartAsync(PostgresServer server, string database);

    [TestCase("direct", "3.2", 30002, "postgresql")]
    [TestCase("direct", "3.0", 30000, "postgresql")]
    [TestCase("postgres", "3.2", 30002, "postgresql")]
    [TestCase("postgres", "3.0", 30000, "postgresql")]
    public async Task It_connects_queries_and_cancels(string negotiation, string protocol, int expectedProtocol, string alpn)
    {
        var server = await SharedServers.PostgresAsync(PostgresVersion.V18);
        var database = await server.CreateDatabaseAsync("libpq");
        await server.ExecuteAsync(database, ExchangeDatabase.Create);
        var endpoint = await StartAsync(server, database);
        var library = Path.Combine(await PostgresBinaries.DirectoryOfAsync(PostgresVersion.V18), "..", "lib", "libpq.so.5");
        var steps = ClientOutput.Read("libpq", await Command.RunAsync("/usr/bin/python3", [Script(), library, ConnectionString(endpoint, negotiation, protocol)], "",
            new Dictionary<string, string?> { ["LD_LIBRARY_PATH"] = Path.GetDirectoryName(library), ["PYTHONIOENCODING"] = "utf-8" }));
        Assert.That(ShowsValues ? steps : steps.Where(step => step.Name != "query"), Is.EqualTo((ClientStep[])
        [
            new("protocol", $"{expectedProtocol}"),
            new("alpn", alpn),
            .. ShowsValues ? (ClientStep[])[new("query", "Ada Ångström")] : [],
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
