using System.Text;
using Npgsql;
using Proxy.Core.Explaining;
using Proxy.Core.Masking;
using Proxy.Core.Policy;
using Proxy.Host.Catalogue;
using Proxy.Host.Configuration;
using Proxy.Tests.Host.Configuration;
using Proxy.Tests.Support;

namespace Proxy.Tests.Policies;

/// <summary>The demonstration's hospital on a real server, without its rows: decisions look at the catalogue only.</summary>
internal sealed class Hospital : IAsyncDisposable
{
    private readonly CatalogueSource _catalogue;
    private readonly ConfigurationSnapshot _configuration;
    private readonly MaskingKeys _keys = new(new byte[32]);

    private Hospital(CatalogueSource catalogue, ConfigurationSnapshot configuration)
    {
        _catalogue = catalogue;
        _configuration = configuration;
    }

    public static async Task<string> CreateAsync(PostgresServer server)
    {
        var database = await server.CreateDatabaseAsync();
        await server.ExecuteAsync(database, await File.ReadAllTextAsync(Path.Combine(ConfigurationDirectory.RepositoryRoot, "demo", "hospital", "schema.sql")));
        return database;
    }

    public static async Task<Hospital> StartAsync(PolicyDirectory policy)
    {
        var server = await SharedServers.PostgresAsync();
        var database = await CreateAsync(server);
        var configuration = await policy.LoadAsync();
        var loader = new CatalogueLoader(new NpgsqlConnectionStringBuilder(server.ConnectionString(database)), TimeProvider.System);
        var catalogue = new CatalogueSource(loader, configuration.Classification["hospital"], GatewayHarness.SharedFrontEnd.Value, TimeProvider.System);
        await catalogue.LoadAsync(CancellationToken.None);
        catalogue.Start();
        return new Hospital(catalogue, configuration);
    }

    public async Task<Explanation> ExplainAsync(Principal principal, string statement, TimeProvider time)
    {
        var analysis = await GatewayHarness.SharedFrontEnd.Value.AnalyseAsync(Encoding.UTF8.GetBytes(statement), CancellationToken.None);
        var policies = new SwitchablePolicy(_configuration.Policy);
        return new StatementExplainer(policies, _catalogue, new MaskPlanner(_keys), time).Explain(principal, "hospital", "hospital", analysis);
    }

    public string Issuer => _configuration.Issuers[0].Issuer;

    public async ValueTask DisposeAsync()
    {
        await _catalogue.DisposeAsync();
        _keys.Dispose();
    }
}
