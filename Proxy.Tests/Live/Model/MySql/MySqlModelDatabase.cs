using MySqlConnector;
using Proxy.Core.Catalogue;
using Proxy.Core.Masking;
using Proxy.Core.Policy;
using Proxy.Core.Sql;
using Proxy.Core.Sql.MySql;
using Proxy.Host.Catalogue;
using Proxy.Host.Catalogue.MySql;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Model.MySql;

/// <summary>Databases of one name with the same objects on two servers, one behind the gateway and one beside it; and the gateway's real reader, judge and policy.</summary>
internal sealed class MySqlModelDatabase : IAsyncDisposable
{
    private static readonly Principal Agent = new() { Issuer = "https://issuer.test", Subject = "agent", ExpiresAt = DateTimeOffset.MaxValue };

    private readonly MaskingKeys _keys = new(new byte[32]);
    private readonly CatalogueSource _catalogue;

    private MySqlModelDatabase(string name, ISqlFrontEnd frontEnd, CatalogueSource catalogue)
    {
        Name = name;
        FrontEnd = frontEnd;
        _catalogue = catalogue;
    }

    public string Name { get; }

    public ISqlFrontEnd FrontEnd { get; }

    /// <summary>What the gateway refuses in the model: every statement about the structure.</summary>
    private static SwitchablePolicy Policy { get; } = new(new AccessPolicy(
        [
            new AccessRule { Name = "no structure", Risk = new RiskCondition { AnyOf = RiskClasses.Schema }, Verdict = Verdict.Refuse },
            .. GatewayHarness.ShowEverything.Rules,
        ],
        "model"));

    public static async Task<MySqlModelDatabase> CreateAsync(string name, MariaDbServer behind, MariaDbServer beside)
    {
        foreach (var server in new[] { behind, beside })
        {
            await server.ExecuteAsync("mysql", $"create or replace database {name} character set utf8mb4; grant all on {name}.* to {MariaDbUser.Native.Name}@'%'");
            await server.ExecuteAsync(name, """
                create table item (n int primary key, label varchar(40));
                insert into item values (1, 'label 1'), (2, 'label 2'), (3, 'label 3'), (4, 'label 4'), (5, null), (6, '');
                create table log (n int primary key, what varchar(100));
                create table secret (n int);
                create procedure two() begin select n from item where n < 3 order by n; select label from item where n = 1; end
                """);
        }

        var frontEnd = new MySqlFrontEnd(new MySqlFrontEndOptions()).For(MySqlReadSettings.Default);
        var catalogue = new CatalogueSource(
            new MySqlCatalogueLoader(new MySqlConnectionStringBuilder(behind.ConnectionString()), frontEnd, TimeProvider.System), new NothingIsPhi(), frontEnd, TimeProvider.System);
        await catalogue.LoadAsync(CancellationToken.None);
        return new MySqlModelDatabase(name, frontEnd, catalogue);
    }

    public SessionJudge Judge() => new(Agent, "test", Name, Policy, new Unchanging(_catalogue), new MaskPlanner(_keys), TimeProvider.System);

    public async ValueTask DisposeAsync()
    {
        await _catalogue.DisposeAsync();
        _keys.Dispose();
    }

    /// <summary>
    /// What was loaded once: the policy lets nobody change it. Sequences so never wait for a server to confirm it, and none can fail because that took long.
    /// </summary>
    private sealed class Unchanging(ICatalogueSource loaded) : ICatalogueSource
    {
        public CatalogueSnapshot Current => loaded.Current;

        public bool IsFresh => true;

        public string? StaleReason => null;

        public long ConfirmedAt => long.MaxValue;

        public void RequestRefresh()
        {
        }
    }

    private sealed class NothingIsPhi : IColumnClassifier
    {
        public IdentifierClass Classify(string schema, string table, string column, string typeName) => IdentifierClass.NotPhi;
    }
}
