using MySqlConnector;
using Proxy.Core.Catalogue;
using Proxy.Core.Journal.Subjects;
using Proxy.Core.Masking;
using Proxy.Core.Policy;
using Proxy.Core.Policy.Budgets;
using Proxy.Core.Sql.MySql;
using Proxy.Host.Catalogue;
using Proxy.Host.Catalogue.MySql;

namespace Proxy.Tests.Support.MySql;

/// <summary>The gateway's MySQL side with the reader, judge, catalogue and masks of the program, in front of one database of a real MariaDB.</summary>
internal sealed class MySqlJudgedGateway : IAsyncDisposable
{
    private static readonly Principal Agent = new() { Issuer = "https://issuer.test", Subject = "agent", ExpiresAt = DateTimeOffset.MaxValue };

    private readonly MaskingKeys _keys = new(new byte[32]);

    private MySqlJudgedGateway(CatalogueSource catalogue, SwitchablePolicy policy)
    {
        Catalogue = catalogue;
        Policy = policy;
    }

    public MySqlGatewayHarness Gateway { get; private set; } = null!;

    public CatalogueSource Catalogue { get; }

    public SwitchablePolicy Policy { get; }

    public string ConnectionString => Gateway.ConnectionString;

    /// <param name="server">Whose database it is.</param>
    /// <param name="database">That sessions are admitted to.</param>
    /// <param name="classifier">Says what columns are.</param>
    /// <param name="policy">The first one; masked reads and writes where none is given.</param>
    /// <param name="budgets">Counts what is used up.</param>
    /// <param name="subjects">Makes codes of those whose rows answers hold.</param>
    /// <param name="databases">Where USE may go.</param>
    public static async Task<MySqlJudgedGateway> StartAsync(
        MariaDbServer server, string database, IColumnClassifier classifier, AccessPolicy? policy = null, BudgetBook? budgets = null, SubjectCoder? subjects = null, params IReadOnlyCollection<string> databases)
    {
        var frontEnd = new MySqlFrontEnd(new MySqlFrontEndOptions()).For(MySqlReadSettings.Default);
        var catalogue = new CatalogueSource(
            new MySqlCatalogueLoader(new MySqlConnectionStringBuilder(server.ConnectionString()), frontEnd, TimeProvider.System), classifier, frontEnd, TimeProvider.System);
        await catalogue.LoadAsync(CancellationToken.None);
        catalogue.Start();
        var judged = new MySqlJudgedGateway(catalogue, new SwitchablePolicy(policy ?? Masked()));
        judged.Gateway = await MySqlGatewayHarness.StartAsync(
            server.Port, database, frontEnd,
            () => new SessionJudge(Agent, "test", database, judged.Policy, catalogue, new MaskPlanner(judged._keys), TimeProvider.System, budgets, databases.Contains),
            subjects: subjects);
        return judged;
    }

    /// <summary>PHI is read masked and not compared.</summary>
    public static AccessPolicy Masked(Budget? budget = null, RiskClasses more = RiskClasses.None, string version = "masked") => new(
        [
            new AccessRule
            {
                Name = "masked",
                Risk = new RiskCondition
                {
                    Within = RiskClasses.Read | RiskClasses.PhiRead | RiskClasses.BulkRead | RiskClasses.Write | RiskClasses.BulkWrite | RiskClasses.Session | RiskClasses.Schema | more,
                },
                Verdict = Verdict.Mask,
                Profile = MaskProfile.Redacted,
                Budget = budget,
            },
        ],
        version);

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Catalogue.DisposeAsync();
        _keys.Dispose();
    }
}
