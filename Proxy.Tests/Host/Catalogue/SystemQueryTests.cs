using System.Text.RegularExpressions;
using NUnit.Framework;
using Proxy.Tests.Support;

namespace Proxy.Tests.Host.Catalogue;

/// <summary>What clients ask by themselves has to work: each column of each such query is shown, but for those that are masked on purpose.</summary>
[TestFixture(PostgresVersion.V13)]
[TestFixture(PostgresVersion.V15)]
[TestFixture(PostgresVersion.V18)]
public sealed partial class SystemQueryTests(PostgresVersion version)
{
    private PlannedQueries _queries = null!;

    [OneTimeSetUp]
    public async Task Load() => _queries = await PlannedQueries.OnAsync(version);

    [TestCase(@"\d")]
    [TestCase(@"\d patients")]
    [TestCase(@"\d+ patients")]
    [TestCase(@"\d departments")]
    [TestCase(@"\d+ encounters")]
    [TestCase(@"\d+ encounters_east")]
    [TestCase(@"\d+ patients_vip")]
    [TestCase(@"\d+ stamped")]
    [TestCase(@"\d+ v_names")]
    [TestCase(@"\d+ mv_names")]
    [TestCase(@"\d patients_pkey")]
    [TestCase(@"\d audit_log_id_seq")]
    [TestCase(@"\d pg_class")]
    [TestCase(@"\dt")]
    [TestCase(@"\dt+")]
    [TestCase(@"\dt *.*")]
    [TestCase(@"\di+")]
    [TestCase(@"\dv+")]
    [TestCase(@"\dm+")]
    [TestCase(@"\ds+")]
    [TestCase(@"\dn+")]
    [TestCase(@"\df")]
    [TestCase(@"\da")]
    [TestCase(@"\du+")]
    [TestCase(@"\dx")]
    [TestCase(@"\dT+")]
    [TestCase(@"\dp")]
    [TestCase(@"\ddp")]
    [TestCase(@"\dd")]
    [TestCase(@"\db+")]
    [TestCase(@"\dC+")]
    [TestCase(@"\dD+")]
    [TestCase(@"\do")]
    [TestCase(@"\dy")]
    [TestCase(@"\dP")]
    [TestCase(@"\dL")]
    [TestCase(@"\dF")]
    [TestCase(@"\dRp")]
    [TestCase(@"\sv v_names")]
    public async Task Psql_sees_every_column(string command)
    {
        var asked = await _queries.AskedByPsqlAsync(command);
        Assert.That(asked, Is.Not.Empty, "the command asked nothing");
        Assert.That(await _queries.MaskedOfAsync(asked), Is.Empty);
    }

    [TestCase(@"\df+ ward_floor", "Source code")]
    [TestCase(@"\sf ward_floor", "pg_get_functiondef")]
    [TestCase(@"\des+", "FDW options")]
    public async Task Psql_does_not_see_bodies_and_options(string command, string masked) =>
        Assert.That(await _queries.MaskedOfAsync(await _queries.AskedByPsqlAsync(command)), Does.Contain(masked).And.Not.Contain("Name"));

    [Test]
    public async Task Npgsql_loads_its_types()
    {
        await using var own = await PostgresServer.StartAsync(new PostgresServerOptions { Version = version, LogStatements = true });
        await using (var connection = await own.OpenAsync())
        {
            await connection.ReloadTypesAsync();
            await connection.GetSchemaAsync("Tables");
        }
        await own.StopAsync();
        var asked = (await own.ReadStatementLogAsync())
            .Select(statement => LogPrefix().Replace(statement.Message, "", 1))
            .Where(text => text.Contains("pg_type", StringComparison.Ordinal) || text.Contains("information_schema", StringComparison.Ordinal))
            .Distinct().ToArray();
        Assert.That(asked, Has.Length.GreaterThanOrEqualTo(2));
        Assert.That(await _queries.MaskedOfAsync(asked), Is.Empty);
    }

    [TestCase("select version()")]
    [TestCase("show server_version")]
    [TestCase("select current_schema(), current_database(), current_user, now()")]
    [TestCase("select table_name, column_name, data_type from information_schema.columns where table_schema = 'public' order by 1, ordinal_position")]
    [TestCase("select relname, n_live_tup from pg_stat_user_tables")]
    [TestCase("select name, setting from pg_settings")]
    [TestCase("select a.attname, format_type(a.atttypid, a.atttypmod) from pg_attribute a where a.attrelid = 'patients'::regclass and a.attnum > 0")]
    [TestCase("select * from pg_description")]
    public async Task An_agents_own_questions_about_structure_are_answered(string sql) => Assert.That(await _queries.MaskedOfAsync([sql]), Is.Empty);

    [TestCase("select most_common_vals from pg_stats")]
    [TestCase("select array_to_string(most_common_vals, ',') from pg_stats")]
    [TestCase("select query from pg_stat_activity")]
    [TestCase("select upper(query) from pg_stat_activity")]
    [TestCase("select s::text from pg_stat_activity s")]
    [TestCase("select row_to_json(x) from (select * from pg_stats) x")]
    [TestCase("select prosrc from pg_proc")]
    [TestCase("select prosrc || '' from pg_proc")]
    [TestCase("select pg_get_functiondef(oid) from pg_proc where proname = 'ward_floor'")]
    [TestCase("select stavalues1::text from pg_statistic")]
    [TestCase("select x.q from (select query as q from pg_stat_activity union all select '') x")]
    [TestCase("select current_query()")]
    [TestCase("select current_setting('app.patient', true)")]
    [TestCase("select last_value from audit_log_id_seq")]
    [TestCase("select encode(data, 'hex') from pg_largeobject")]
    public async Task What_the_server_remembers_of_values_is_masked(string sql) => Assert.That(await _queries.MaskedOfAsync([sql]), Is.Not.Empty);

    [GeneratedRegex(@"^(statement|execute [^:]*): ")]
    private static partial Regex LogPrefix();
}
