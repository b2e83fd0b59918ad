using Npgsql;
using NUnit.Framework;
using Proxy.Core.Catalogue;
using Proxy.Core.Masking;
using Proxy.Tests.Core.Catalogue;
using Proxy.Tests.Live.Clients;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live;

/// <summary>What a statement cuts from a value is shown as the profile would show it, and no more of it.</summary>
public sealed class SafeDerivationTests
{
    private const string Years =
        "select extract(year from born), extract(year from born)::int, date_part('year', born), to_char(born, 'YYYY'), extract(year from date_trunc('year', born)) from patients order by id";

    private PostgresServer _server = null!;
    private string _database = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _server = await SharedServers.PostgresAsync();
        _database = await _server.CreateDatabaseAsync();
        await _server.ExecuteAsync(
            _database,
            """
            create table patients (id int primary key, born date not null, zip text not null, surname text not null);
            insert into patients values (1, '1988-07-06', '87334', 'Averylongsurname'), (2, '1901-05-05', '03601-1234', 'Short');
            grant all on patients to public;
            analyze
            """);
    }

    [Test]
    public async Task Safe_harbor_shows_years_and_makes_those_of_ages_over_89_one([Values] bool asText)
    {
        var oldest = $"{DateTimeOffset.UtcNow.AddHours(14).Year - 90}";

        var rows = await RowsAsync(MaskProfile.SafeHarbor, Years, asText);

        // What is computed from a year is not followed any further.
        Assert.That(rows, Is.EqualTo(new[] { "1988|1988|1988|1988|0", $"{oldest}|{oldest}|{oldest}|{oldest}|0" }));
    }

    [Test]
    public async Task Safe_harbor_shows_the_first_of_january_of_a_date_that_was_cut() =>
        Assert.That(
            await RowsAsync(MaskProfile.SafeHarbor, "select date_trunc('year', born)::text is not null, date_trunc('year', born) from patients where id = 1"),
            Is.EqualTo(new[] { "True|01/01/1988 12:00:00" }));

    [TestCase("left(zip, 3)", "873", "000")]
    [TestCase("substr(zip, 1, 3)", "873", "000")]
    [TestCase("substring(zip from 1 for 3)", "873", "000")]
    [TestCase("left(zip, 4)", "****", "****")]
    [TestCase("substr(zip, 2, 3)", "****", "****")]
    [TestCase("left(upper(zip), 3)", "****", "****")]
    [TestCase("left(surname, 3)", "****", "****")]
    [TestCase("to_char(born, 'YYYY-MM')", "****", "****")]
    [TestCase("left(zip || '', 3)", "****", "****")]
    public async Task Safe_harbor_shows_areas_where_many_people_live(string expression, string first, string second) =>
        Assert.That(await RowsAsync(MaskProfile.SafeHarbor, $"select {expression} from patients order by id"), Is.EqualTo(new[] { first, second }));

    [Test]
    public async Task Other_profiles_show_no_part([Values(MaskProfile.Redacted, MaskProfile.Pseudonymous)] MaskProfile profile) =>
        Assert.That(await RowsAsync(profile, "select to_char(born, 'YYYY'), left(zip, 3) from patients where id = 1"), Is.EqualTo(new[] { "****|****" }));

    [Test]
    public async Task A_profile_that_shows_the_whole_shows_its_parts() =>
        Assert.That(await RowsAsync(MaskProfile.LimitedDataSet, "select to_char(born, 'YYYY'), left(zip, 3) from patients order by id"), Is.EqualTo(new[] { "1988|873", "1901|036" }));

    [TestCase("explain select surname from patients", "width=")]
    [TestCase("explain (format json) select surname from patients", "\"Plan Width\": ")]
    [TestCase("explain (format yaml) select surname from patients", "Plan Width: ")]
    [TestCase("explain (format xml) select surname from patients", "<Plan-Width>")]
    public async Task A_plan_does_not_tell_how_wide_values_are(string sql, string width)
    {
        var plan = string.Join('\n', await RowsAsync(MaskProfile.Redacted, sql));

        Assert.That(plan, Does.Contain(width + "0").And.Contain("patients"));
        Assert.That(plan, Does.Not.Match($"{width}[1-9]"));
    }

    private async Task<List<string>> RowsAsync(MaskProfile profile, string sql, bool asText = false)
    {
        var classes = new SaidClasses(new()
        {
            ["public.patients.id"] = IdentifierClass.NotPhi,
            ["public.patients.born"] = IdentifierClass.Date,
            ["public.patients.zip"] = IdentifierClass.ZipCode,
            ["public.patients.surname"] = IdentifierClass.Name,
        });
        await using var gateway = await GatewayHarness.StartAsync(_server, _database, GatewayHarness.Masked(profile), classes);
        await using var connection = new NpgsqlConnection(NpgsqlConnections.StringFor(gateway.Endpoint));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { AllResultTypesAreUnknown = asText };
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
        {
            var values = new object[reader.FieldCount];
            reader.GetValues(values);
            rows.Add(string.Join('|', values.Select(static value => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture))));
        }
        return rows;
    }
}
