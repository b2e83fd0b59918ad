using MySqlConnector;
using NUnit.Framework;
using Proxy.Core.Catalogue;
using Proxy.Core.Catalogue.Overlay;
using Proxy.Core.Sql.Lineage;
using Proxy.Host.Catalogue;
using Proxy.Host.Catalogue.MySql;
using Proxy.Tests.Support;

namespace Proxy.Tests.Core.Sql.Lineage.MySql;

/// <summary>
/// Which columns a star stands for, and in which order, is what the masks of an answer go by: a real server is asked. Joins that merge columns put them first,
/// RIGHT ones turn the rest about, and invisible columns are left out.
/// </summary>
public sealed class StarOrderTests
{
    private MariaDbServer _server = null!;
    private string _database = "";
    private CatalogueSnapshot _snapshot = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _server = await SharedServers.MariaDbAsync();
        _database = await _server.CreateDatabaseAsync("stars");
        await _server.ExecuteAsync(_database, """
            create table a (id int, x int, y int);
            create table b (y int, id int, z int);
            create table c (z int, h int invisible, w int, x int);
            create table d (h int, id int, v int);
            create table e (p int, q int);
            create table g (h int invisible, v int, r int);
            """);
        await using var source = new CatalogueSource(
            new MySqlCatalogueLoader(new MySqlConnectionStringBuilder(_server.ConnectionString()), MySqlLineageFixture.FrontEnd, TimeProvider.System),
            ColumnClassification.Nothing, MySqlLineageFixture.FrontEnd, TimeProvider.System);
        await source.LoadAsync(CancellationToken.None);
        _snapshot = source.Current;
    }

    [TestCase("select * from a, b")]
    [TestCase("select * from a right join b on a.id = b.id")]
    [TestCase("select * from a natural join b")]
    [TestCase("select * from a natural left join b")]
    [TestCase("select * from a natural right join b")]
    [TestCase("select * from a natural right join e")]
    [TestCase("select * from a join b using (id)")]
    [TestCase("select * from a join b using (y, id)")]
    [TestCase("select * from a left join b using (y, id)")]
    [TestCase("select * from a right join b using (id)")]
    [TestCase("select * from a right join b using (id, y)")]
    [TestCase("select * from a natural join b natural right join c")]
    [TestCase("select * from a natural right join b natural join d")]
    [TestCase("select * from a natural right join (b natural join d)")]
    [TestCase("select * from (a natural right join b) natural right join d")]
    [TestCase("select * from a right join b using (id) right join d using (id)")]
    [TestCase("select * from e, a natural right join b")]
    [TestCase("select * from a natural right join b right join e on e.p = id")]
    [TestCase("select * from (select * from a natural right join b) as q, e")]
    [TestCase("with q as (select x, id, z from a right join b using (id)) select q.*, p from q, e")]
    [TestCase("select a.*, b.* from a natural right join b")]
    [TestCase("select * from (select 1 as k, 2 as m) s natural right join (select 1 as k, 3 as n) t")]
    [TestCase("select * from c")]
    [TestCase("select c.*, h from c")]
    [TestCase("select * from c, d")]
    [TestCase("select * from c natural join d")]
    [TestCase("select * from d natural join c")]
    [TestCase("select * from c natural right join d")]
    [TestCase("select * from d natural right join c")]
    [TestCase("select * from c join d using (h)")]
    [TestCase("select * from d join c using (h)")]
    [TestCase("select * from c right join d using (h)")]
    [TestCase("select * from d right join c using (h)")]
    [TestCase("select * from c join g using (h)")]
    [TestCase("select * from c natural join g")]
    [TestCase("select * from (select *, h from c) as q")]
    public async Task A_star_stands_for_what_the_server_says(string sql)
    {
        await using var connection = await _server.OpenAsync(_database);
        await using var command = new MySqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        Assert.That((await AnalyseAsync(sql)).Outputs!.Columns.Select(static column => column.Name), Is.EqualTo((await reader.GetColumnSchemaAsync()).Select(static column => column.ColumnName)));
    }

    [TestCase("insert into c values (1, 2, 3)", "z w x")]
    [TestCase("insert into c select * from a", "z w x")]
    [TestCase("insert into c (h, z) values (1, 2)", "h z")]
    [TestCase("replace into g values (1, 2)", "v r")]
    public async Task Values_without_a_list_of_columns_pass_invisible_ones_by(string sql, string columns)
    {
        await _server.ExecuteAsync(_database, sql);
        Assert.That((await AnalyseAsync(sql)).Writes.Select(static write => write.Column?.Name), Is.EqualTo(columns.Split(' ')));
    }

    private async Task<StatementLineage> AnalyseAsync(string sql)
    {
        var reading = await MySqlLineageFixture.ReadAsync(sql);
        return LineageAnalyser.Analyse(reading.Syntax!, new LineageCatalogue(_snapshot, SessionOverlay.Empty.WithDefaultSchema(_database)))
            ?? throw new InvalidOperationException($"{sql} has no lineage");
    }
}
