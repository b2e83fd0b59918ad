using System.Globalization;
using Npgsql;
using NUnit.Framework;
using Proxy.Core.Masking;
using Proxy.Core.Policy;
using Proxy.Tests.Live.Clients;
using Proxy.Tests.Live.MaskedWrites;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Groups;

/// <summary>A rule with a minimum group size of 5: what is made of fewer rows is NULL, in text and in binary; what does not say of how many is refused.</summary>
public sealed class GroupSizeTests
{
    private GatewayHarness _gateway = null!;
    private NpgsqlConnection _client = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        var server = await SharedServers.PostgresAsync();
        var database = await server.CreateDatabaseAsync();
        await server.ExecuteAsync(
            database,
            """
            create table patients (id int primary key, name text not null, mrn text, born date, note text, ward text, risk int);
            insert into patients select i, 'name ' || i, 'MRN-' || i, '1970-01-01', null, case when i <= 3 then 'rare' else 'common' end, i from generate_series(1, 20) i;
            create table wards (ward text, beds int);
            insert into wards values ('rare', 1), ('common', 2);
            grant all on patients, wards to public
            """);
        var policy = new AccessPolicy(
            [
                GatewayHarness.Masked(MaskProfile.Pseudonymous).Rules[0] with
                {
                    MinimumGroupSize = 5,
                    Risk = new RiskCondition
                    {
                        Within = RiskClasses.Read | RiskClasses.PhiRead | RiskClasses.Write | RiskClasses.Session | RiskClasses.PhiEquality | RiskClasses.PhiGrouping
                            | RiskClasses.Schema | RiskClasses.Export,
                    },
                },
            ],
            "groups of five");
        _gateway = await GatewayHarness.StartAsync(server, database, policy, new HospitalClassifier());
        _client = new NpgsqlConnection(NpgsqlConnections.StringFor(_gateway.Endpoint) + ";Include Error Detail=true");
        await _client.OpenAsync();
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _client.DisposeAsync();
        await _gateway.DisposeAsync();
    }

    [TestCase("select ward, count(*), sum(risk), max(risk) - 1 as top from patients group by ward order by ward", "common|17|204|19 rare|NULL|NULL|NULL")]
    [TestCase("select count(*) from patients", "20")]
    [TestCase("select count(*) from patients where mrn = 'MRN-1'", "NULL")]
    [TestCase("select count(*) from patients where mrn = 'nobody'", "NULL")]
    [TestCase("select count(*), count(distinct p.ward) from patients p join wards w on w.ward = p.ward", "20|2")]
    [TestCase("select ward, count(*) from wards group by ward order by ward", "common|1 rare|1", Description = "no PHI")]
    [TestCase("select ward, sum(beds) from wards group by ward order by ward", "common|2 rare|1", Description = "no PHI")]
    [TestCase("select id from patients where id = 1", "1", Description = "nothing is made of many rows")]
    [TestCase("select id, row_number() over (order by id) from patients limit 2", "1|1 2|2")]
    public async Task Groups_of_few_rows_are_not_told(string sql, string expected)
    {
        Assert.That(await RowsAsync(sql), Is.EqualTo(expected), "binary");
        var text = await Psql.RunAsync(_gateway.Endpoint, sql + ";", "-At", "-P", "null=NULL");
        Assert.That(text.Output.TrimEnd().Replace('\n', ' '), Is.EqualTo(expected), "text");
    }

    [TestCase("select ward, sum(risk) from patients group by ward")]
    [TestCase("select ward, count(id) from patients group by ward")]
    [TestCase("select count(*) filter (where mrn = 'MRN-1') from patients")]
    [TestCase("select count(*), count(*) filter (where ward = 'rare') from patients")]
    [TestCase("select count(*), sum(case when ward = 'rare' then 1 end) from patients")]
    [TestCase("select count(*), sum((ward = 'rare')::int) from patients")]
    [TestCase("select count(*), count(nullif(ward, 'common')) from patients")]
    [TestCase("select ward, count(*) from patients group by ward having count(*) < 5")]
    [TestCase("select ward, count(*) over (partition by ward) from patients")]
    [TestCase("select n from (select ward, count(*) as n from patients group by ward) g")]
    [TestCase("with g as (select ward, count(*) as n from patients group by ward) select * from g")]
    [TestCase("select beds, (select count(*) from patients p where p.ward = w.ward) from wards w")]
    [TestCase("select count(*) from patients union all select count(*) from wards")]
    [TestCase("select count(*), case when max(risk) > 1 then 1 end from patients")]
    [TestCase("explain analyze select count(*) from patients where mrn = 'MRN-1'")]
    [TestCase("copy (select ward, count(*) from patients group by ward) to stdout")]
    [TestCase("create temp table g as select ward, count(*) from patients group by ward")]
    [TestCase("insert into wards select ward, count(*) from patients group by ward")]
    public async Task What_does_not_say_of_how_many_rows_it_is_made_is_refused(string sql)
    {
        var refused = await Assert.ThrowsAsync<PostgresException>(async () => await RowsAsync(sql));

        Assert.That(refused!.Detail, Does.Contain("code=group-size-unknown"));
        Assert.That(refused.Hint, Does.Contain("count(*)"));
    }

    [Test]
    public async Task Prepared_statements_and_cursors_are_no_way_round()
    {
        var said = await Psql.RunAsync(
            _gateway.Endpoint,
            """
            prepare g as select ward, count(*) from patients group by ward order by ward;
            execute g;
            begin;
            declare c cursor for select count(*) from patients where mrn = 'MRN-1';
            fetch all from c;
            commit;
            """,
            "-At", "-P", "null=NULL");

        Assert.That(said.Output, Is.EqualTo("common|17\nrare|NULL\nNULL\n"), said.Errors);
    }

    private async Task<string> RowsAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, _client);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i =>
                reader.IsDBNull(i) ? "NULL" : Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture))));
        return string.Join(' ', rows);
    }
}
