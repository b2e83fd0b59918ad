using System.Globalization;
using Npgsql;
using NUnit.Framework;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Clients;

/// <summary>What masked values are to a driver: of their own type, never the value itself, and the same wherever the same value is shown.</summary>
public sealed class MaskedValueTests
{
    private const string Columns = "id, ward, name, ssn, mail, born, seen, age, account, weight, fever, smoker, ref, doc, tags, photo";

    /// <summary>Of the columns above, those that are no PHI.</summary>
    private const int ShownColumns = 2;

    /// <summary>Rows 1 and 4 are of the same person.</summary>
    private const string Create = """
        create table person (
            id int primary key, ward text, name text, ssn varchar(11), mail text, born date, seen timestamptz, age int, account bigint,
            weight numeric(5,2), fever float8, smoker bool, ref uuid, doc jsonb, tags text[], photo bytea);
        insert into person values
            (1, 'icu', 'Ada Lovelace', '123-45-6789', 'ada@example.org', '1975-05-17', '2024-02-29 12:34:56.789+00', 44, 9000000001, 61.50, 38.25,
             true, '00112233-4455-6677-8899-aabbccddeeff', '{"a": ["deep", 1]}', '{x,NULL,"y z"}', '\xdeadbeef'),
            (2, 'er', 'Grace Hopper', '987-65-4321', 'grace@example.org', '1966-12-09', '2023-01-02 03:04:05+00', 55, 9000000002, 72.25, 39.75,
             true, '10112233-4455-6677-8899-aabbccddeeff', '{"b": true}', '{z}', '\x00'),
            (3, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null),
            (4, 'icu', 'Ada Lovelace', '123-45-6789', 'ada@example.org', '1975-05-17', '2024-02-29 12:34:56.789+00', 44, 9000000001, 61.50, 38.25,
             true, '00112233-4455-6677-8899-aabbccddeeff', '{"a": ["deep", 1]}', '{x,NULL,"y z"}', '\xdeadbeef');
        create table visit (person_ssn varchar(11), day date);
        insert into visit values ('123-45-6789', '2024-01-01');
        grant select on person, visit to public;
        """;

    private const string Classification = """
        tables:
          public.person: { id: not-phi, ward: not-phi, name: name, ssn: ssn, mail: email, born: date, seen: date, age: other-unique,
            account: account-number, weight: other-unique, fever: other-unique, smoker: other-unique, ref: other-unique, doc: other-unique,
            tags: other-unique, photo: photograph }
          public.visit: { person_ssn: ssn, day: date }
        """;

    private PostgresServer _server = null!;
    private PhiGateProcess _process = null!;
    private string _database = "";

    [OneTimeSetUp]
    public async Task Start()
    {
        _server = await SharedServers.PostgresAsync();
        _database = await _server.CreateDatabaseAsync("masked");
        await _server.ExecuteAsync(_database, Create);
        _process = await PhiGateProcess.StartAsync(new PhiGateOptions { Server = _server, Database = _database, Classification = Classification });
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_process is not null)
            await _process.DisposeAsync();
    }

    [TestCase(PhiGateOptions.RedactGroup)]
    [TestCase(PhiGateOptions.PseudonymGroup)]
    public async Task Npgsql_reads_each_as_the_type_of_its_column(string group)
    {
        var direct = await ReadAsync(_server.Endpoint(_database));
        var masked = await ReadAsync(_process.Endpoint(group));
        Assert.That(masked.Select(row => row[..ShownColumns]), Is.EqualTo(direct.Select(row => row[..ShownColumns])));
        Assert.That(masked.Select(row => row.Select(value => value.GetType())), Is.EqualTo(direct.Select(row => row.Select(value => value.GetType()))));
        for (var row = 0; row < direct.Count; row++)
            for (var column = ShownColumns; column < direct[row].Length; column++)
                if (direct[row][column] is not DBNull)
                    Assert.That(masked[row][column], Is.Not.EqualTo(direct[row][column]), $"row {row}, column {column}");
    }

    [Test]
    public async Task Redacted_values_do_not_tell_rows_apart()
    {
        var rows = await ReadAsync(_process.Endpoint(PhiGateOptions.RedactGroup));
        Assert.That(rows[1][ShownColumns..], Is.EqualTo(rows[0][ShownColumns..]));
    }

    [Test]
    public async Task Pseudonyms_are_equal_for_equal_values_only()
    {
        var rows = await ReadAsync(_process.Endpoint(PhiGateOptions.PseudonymGroup));
        Assert.That(rows[3][ShownColumns..], Is.EqualTo(rows[0][ShownColumns..]));
        // Of name, ssn, mail, born, seen, account, ref.
        foreach (var column in (int[])[2, 3, 4, 5, 6, 8, 12])
            Assert.That(rows[1][column], Is.Not.EqualTo(rows[0][column]), $"column {column}");
    }

    [TestCase(PhiGateOptions.RedactGroup)]
    [TestCase(PhiGateOptions.PseudonymGroup)]
    public async Task Text_of_psql_and_binary_of_npgsql_are_the_same_values(string group)
    {
        const string query = "select name, ssn, mail, born, seen, age, account, weight, fever, smoker, ref from person where id in (1, 2, 4) order by id";
        var endpoint = _process.Endpoint(group);
        var psql = await Psql.RunAsync(endpoint, query, "-At");
        Assert.That(psql.Errors, Is.Empty);
        var npgsql = string.Concat((await ReadAsync(endpoint, query)).Select(row => string.Join('|', row.Select(Print)) + "\n"));
        Assert.That(npgsql, Is.EqualTo(psql.Output));
    }

    [Test]
    public async Task Rows_are_masked_whatever_way_psql_gets_them()
    {
        const string query = "select ward, name from person where id = 1";
        var script = $"""
            {query};
            begin;
            declare c cursor for {query};
            fetch all from c;
            commit;
            prepare p (int) as select ward, name from person where id = $1;
            execute p (1);
            \set FETCH_COUNT 1
            {query};
            \set FETCH_COUNT 0
            with x as (select * from person) select ward, name from x where id = 1;
            select ward, name from (values (1)) v (id) join person using (id);
            {query} \gset got_
            \echo :got_ward|:got_name
            """;
        var result = await Psql.RunAsync(_process.Endpoint(PhiGateOptions.RedactGroup), script, "-At");
        Assert.That((result.Output, result.Errors), Is.EqualTo((string.Concat(Enumerable.Repeat("icu|****\n", 7)), "")));
    }

    [TestCase("copy (select name from person) to stdout (null 'Ada Lovelace')")]
    [TestCase("copy person to stdout (null 'Ada Lovelace')", Description = "would show whose name it is")]
    [TestCase("copy person to stdout (encoding 'latin1')")]
    [TestCase("copy person (ward, person) to stdout")]
    public async Task Copy_of_what_cannot_be_masked_is_refused_and_the_session_goes_on(string copy)
    {
        var result = await Psql.RunAsync(_process.Endpoint(PhiGateOptions.PseudonymGroup), $"{copy};\nselect 'alive';", "-At");
        Assert.That(result.Output, Is.EqualTo("alive\n"));
        Assert.That(result.Errors, Does.Contain("phigate code=copy-of-phi "));
    }

    [Test]
    public async Task Copy_of_a_query_is_masked_as_a_copy_of_the_table_is(
        [Values(PhiGateOptions.RedactGroup, PhiGateOptions.PseudonymGroup, PhiGateOptions.SafeHarborGroup)] string group,
        [Values("(format text)", "(format csv, header)", "(format csv, delimiter 'a', quote '1', escape '9')", "(format binary)")] string options)
    {
        const string columns = "id, ward, name, ssn, mail, born, seen, age, account, smoker, ref, doc, tags";
        var table = await Psql.RunAsync(_process.Endpoint(group), $"copy person ({columns}) to stdout {options}");

        var query = await Psql.RunAsync(_process.Endpoint(group), $"copy (select {columns} from (select * from person) q) to stdout {options}");

        Assert.That((query.Output, query.Errors), Is.EqualTo((table.Output, "")));
        Assert.That(query.Output, Is.Not.Empty);
    }

    [Test]
    public async Task What_a_copied_query_computes_from_PHI_is_NULL()
    {
        var result = await Psql.RunAsync(
            _process.Endpoint(PhiGateOptions.PseudonymGroup), "copy (select ward, upper(name), person, nullif(name, 'Ada Lovelace'), count(*) over () > 0 from person where id = 1) to stdout");

        Assert.That((result.Output, result.Errors), Is.EqualTo(("icu\t\\N\t\\N\t\\N\tt\n", "")));
    }

    [Test]
    public async Task Copy_of_a_table_is_masked_as_its_rows_are(
        [Values(PhiGateOptions.RedactGroup, PhiGateOptions.PseudonymGroup, PhiGateOptions.SafeHarborGroup)] string group,
        [Values("(format text)", "(delimiter '|')", "(format csv)", "(format csv, header, null 'NULL')", "(format csv, delimiter ';', quote '''', escape '\\')",
            "(format csv, delimiter 'a', quote '1', escape '9')")]
        string options)
    {
        var endpoint = _process.Endpoint(group);
        // Those whose constants and tokens the server writes as we do.
        const string columns = "id, ward, name, ssn, mail, born, seen, age, account, smoker, ref, doc, tags";
        var copied = await Psql.RunAsync(endpoint, $"copy person ({columns}) to stdout {options}");
        Assert.That(copied.Errors, Is.Empty);
        var read = await Psql.RunAsync(_server.Endpoint(_database), $"""
            create temp table copied as select {columns} from person where false;
            copy copied from stdin {options};
            {copied.Output}\.
            select * from copied order by id;
            """, "-At", "--pset", "null=<null>");
        var selected = await Psql.RunAsync(endpoint, $"select {columns} from person order by id", "-At", "--pset", "null=<null>");
        Assert.That((read.Output, read.Errors), Is.EqualTo((selected.Output, "")));
    }

    [Test]
    public async Task A_binary_copy_of_a_table_is_masked_as_its_rows_are([Values(PhiGateOptions.RedactGroup, PhiGateOptions.PseudonymGroup)] string group)
    {
        var endpoint = _process.Endpoint(group);
        await using var masked = new NpgsqlConnection(NpgsqlConnections.StringFor(endpoint));
        await masked.OpenAsync();
        var data = new MemoryStream();
        await using (var copy = await masked.BeginRawBinaryCopyAsync("copy person (ssn, id, born, tags, ward) to stdout (format binary)"))
            await copy.CopyToAsync(data);
        await using var direct = new NpgsqlConnection(NpgsqlConnections.StringFor(_server.Endpoint(_database)));
        await direct.OpenAsync();
        await using (var create = new NpgsqlCommand("create temp table copied as select ssn, id, born, tags, ward from person where false", direct))
            await create.ExecuteNonQueryAsync();
        await using (var copy = await direct.BeginRawBinaryCopyAsync("copy copied from stdin (format binary)"))
            await copy.WriteAsync(data.ToArray());
        await using var command = new NpgsqlCommand("select * from copied order by id", direct);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<object[]>();
        while (await reader.ReadAsync())
        {
            var row = new object[reader.FieldCount];
            reader.GetValues(row);
            rows.Add(row);
        }
        Assert.That(rows, Is.EqualTo(await ReadAsync(endpoint, "select ssn, id, born, tags, ward from person order by id")));
    }

    [Test]
    public async Task Pseudonyms_join_across_tables_and_connections()
    {
        var endpoint = _process.Endpoint(PhiGateOptions.PseudonymGroup);
        var person = await ReadAsync(endpoint, "select ssn from person where id = 1");
        var visit = await ReadAsync(endpoint, "select person_ssn from visit");
        Assert.That(visit.Single(), Is.EqualTo(person.Single()));
    }

    private static Task<IReadOnlyList<object[]>> ReadAsync(ClientEndpoint endpoint) => ReadAsync(endpoint, $"select {Columns} from person order by id");

    private static async Task<IReadOnlyList<object[]>> ReadAsync(ClientEndpoint endpoint, string query)
    {
        await using var connection = new NpgsqlConnection(NpgsqlConnections.StringFor(endpoint));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(query, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<object[]>();
        while (await reader.ReadAsync())
        {
            var row = new object[reader.FieldCount];
            reader.GetValues(row);
            rows.Add(row);
        }
        return rows;
    }

    /// <summary>As the server writes it with the settings of the tests.</summary>
    private static string Print(object value) => value switch
    {
        bool boolean => boolean ? "t" : "f",
        DateTime { Kind: DateTimeKind.Utc } time => time.ToString("yyyy-MM-dd HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture) + "+00",
        DateTime date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };
}
