using System.Globalization;
using System.Runtime.CompilerServices;
using Npgsql;
using NUnit.Framework;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Clients;

/// <summary>
/// Every type, in text and in binary, NOT NULL, nullable and NULL, under every profile, as real drivers decode it: each value decodes to what the
/// driver makes of that type without PhiGate, and where text and binary agree there, they agree masked.
/// </summary>
public sealed class TypeMatrixTests
{
    /// <summary>Two rows of the same value each; in the sparse table the second is NULL.</summary>
    private const string Columns = """
        i2 smallint = 7; i4 int = 70000; i8 bigint = 7000000000; f4 real = 1.5; f8 float8 = 2.25; num numeric(7,2) = 12345.67; mon money = 1234.56;
        yes bool = true; t text = a b; vc varchar(6) = secret; ch char(4) = ab; nm name = someone; c1 "char" = x; ct citext = Ada; by bytea = \x00ff;
        d date = 1975-05-17; old date = 1920-02-03; ts timestamp(3) = 1999-12-31 23:59:59.123; tz timestamptz = 2001-02-03 04:05:06+00;
        ti time = 10:11:12.123456; tt timetz = 10:11:12+05:30; iv interval = 3 days 04:05:06; u uuid = 00112233-4455-6677-8899-aabbccddeeff;
        j json = "a"; jb jsonb = "a"; x xml = <a>b</a>; b1 bit(1) = 1; b21 bit(21) = 101010101010101010101; vb varbit(20) = 10101;
        ine inet = 10.1.2.3; ine6 inet = 2001:db8::7; cid cidr = 192.168.7.0/24; mac macaddr = 08:00:2b:01:02:03; mac8 macaddr8 = 08:00:2b:01:02:03:04:05;
        tv tsvector = 'a':1 'cat':2; tq tsquery = 'cat'; po point = (1,2); li line = {1,2,3}; ls lseg = [(1,2),(3,4)]; bo box = (3,4),(1,2);
        pa path = [(1,2),(3,4)]; pg polygon = ((1,2),(3,4),(5,6)); ci circle = <(1,2),3>; jp jsonpath = $.a; lsn pg_lsn = 16/B374D848;
        o oid = 12345; rc regclass = pg_class; xi xid8 = 77; r4 int4range = [1,5); rn numrange = [1.5,2.5]; rd daterange = [2001-02-03,2002-01-01);
        rt tstzrange = [2001-02-03 04:05:06+00,2001-02-04 00:00:00+00); m4 int4multirange = {[1,5),[7,9)}; md datemultirange = {[2001-02-03,2002-01-01)};
        en mood = worried; dom code = abc; spot spot = (7,worried,abc,1975-05-17); hs hstore = "a"=>"b"; ur span = [1.5,2.5);
        i4a int[] = {1,NULL,3}; ta text[] = {a,"b c",NULL}; da date[] = {1975-05-17,1920-01-01}; ena mood[] = {calm,worried}; inea inet[] = {10.0.0.1,::1};
        boa box[] = {(3,4),(1,2);(5,6),(1,2)}; doma code[] = {abc,de}; spota spot[] = {"(7,calm,abc,1975-05-17)"}; moa money[] = {1.50,2.25};
        age int = 93; young numeric(5,2) = 44.5; zip char(10) = 03601-1234; zip5 text = 60614; city text = Springfield
        """;

    private static readonly (string Name, string Type, string Value)[] Parsed =
    [
        .. Columns.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Aggregate(new List<string>(), Join).Select(Parse),
    ];

    private static readonly string[] Groups =
        [PhiGateOptions.RedactGroup, PhiGateOptions.PseudonymGroup, PhiGateOptions.SafeHarborGroup, PhiGateOptions.LimitedDataSetGroup];

    private static readonly string[] Dates = ["d", "old", "ts", "tz", "da"];

    private PostgresServer _server = null!;
    private PhiGateProcess _process = null!;
    private ClientEndpoint _direct = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _server = await SharedServers.PostgresAsync();
        var database = await _server.CreateDatabaseAsync("types");
        var definitions = string.Join(", ", Parsed.Select(column => $"{column.Name} {column.Type}"));
        var required = string.Join(", ", Parsed.Select(column => $"{column.Name} {column.Type} not null"));
        var values = string.Join(", ", Parsed.Select(column => $"'{column.Value.Replace("'", "''", StringComparison.Ordinal)}'"));
        await _server.ExecuteAsync(database, $"""
            create extension citext; create extension hstore;
            create type mood as enum ('calm', 'worried');
            create domain code as varchar(5);
            create type spot as (n int, m mood, c code, d date);
            create type span as range (subtype = float8);
            create table filled (id int not null, {required});
            create table sparse (id int not null, {definitions});
            insert into filled select 1, {values}; insert into filled select 2, {values};
            insert into sparse select 1, {values}; insert into sparse (id) values (2);
            grant select on filled, sparse to public;
            """);
        _direct = _server.Endpoint(database);
        _process = await PhiGateProcess.StartAsync(new PhiGateOptions { Server = _server, Database = database, Classification = Classification() });
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_process is not null)
            await _process.DisposeAsync();
    }

    [Test]
    public Task Psycopg() => CheckAsync(PsycopgAsync, agreesWith: 50);

    [Test]
    public Task Jdbc() => CheckAsync(JdbcAsync, agreesWith: 50);

    [Test]
    public Task Npgsql() => CheckAsync(NpgsqlAsync, agreesWith: 10);

    /// <summary>Whether a column is shown by the profile as it is.</summary>
    private static bool IsShown(string group, string column) =>
        column == "id" || (group == PhiGateOptions.LimitedDataSetGroup && (Dates.Contains(column) || column is "age" or "young" or "zip" or "zip5" or "city"))
        || (group == PhiGateOptions.SafeHarborGroup && column == "young");

    private async Task CheckAsync(Func<ClientEndpoint, Task<IReadOnlyList<ClientStep>>> read, int agreesWith)
    {
        var direct = (await read(_direct)).ToDictionary(step => step.Name, step => step.Outcome);
        Assert.That(direct, Has.Count.EqualTo(2 * 4 * (Parsed.Length + 1)));
        var agreeing = direct.Keys.Where(place => place.StartsWith("text ", StringComparison.Ordinal) && direct[place] == direct[InBinary(place)]).ToHashSet();
        Assert.That(agreeing, Has.Count.GreaterThanOrEqualTo(4 * agreesWith), "columns that the driver decodes alike in both formats");
        foreach (var group in Groups)
        {
            var masked = (await read(_process.Endpoint(group))).ToDictionary(step => step.Name, step => step.Outcome);
            Assert.That(masked.Keys, Is.EquivalentTo(direct.Keys));
            Assert.Multiple(() =>
            {
                foreach (var (place, expected) in direct)
                    CheckValue(group, place, expected, masked[place]);
                foreach (var place in agreeing)
                    Assert.That(masked[InBinary(place)], Is.EqualTo(masked[place]), $"{group}: {place} and in binary");
            });
        }
    }

    private static void CheckValue(string group, string place, string expected, string actual)
    {
        var (table, column) = (place.Split(' ')[1], place.Split(' ')[3]);
        if (!expected.StartsWith("error", StringComparison.Ordinal))
            Assert.That(TypeOf(actual), Is.EqualTo(TypeOf(expected)), $"{group}: the type of {place}: {expected}, masked {actual}");
        if (IsShown(group, column))
            Assert.That(actual, Is.EqualTo(expected), $"{group}: {place} is shown");
        else if (!expected.StartsWith("null", StringComparison.Ordinal) && !expected.StartsWith("None", StringComparison.Ordinal) && !expected.StartsWith("error", StringComparison.Ordinal))
            Assert.That(actual, Is.Not.EqualTo(expected), $"{group}: {place} of {table} is masked");
    }

    /// <summary>inet holds addresses of both families, for which psycopg has a type each.</summary>
    private static string TypeOf(string outcome) => outcome.Split(' ')[0].Replace("IPv6", "IPv4", StringComparison.Ordinal);

    private static string InBinary(string place) => "binary " + place["text ".Length..];

    private static async Task<IReadOnlyList<ClientStep>> PsycopgAsync(ClientEndpoint endpoint) =>
        ClientOutput.Read("psycopg", await Command.RunAsync("/usr/bin/python3", [Here("psycopg_types.py")], "", new Dictionary<string, string?>
        {
            ["PGHOST"] = endpoint.Host,
            ["PGPORT"] = endpoint.Port.ToString(CultureInfo.InvariantCulture),
            ["PGDATABASE"] = endpoint.Database,
            ["PGUSER"] = endpoint.User,
            ["PGPASSWORD"] = endpoint.Password.Length > 0 ? endpoint.Password : null,
            ["PGSSLMODE"] = "verify-full",
            ["PGSSLROOTCERT"] = endpoint.AuthorityPath,
            ["PYTHONDONTWRITEBYTECODE"] = "1",
            ["PYTHONIOENCODING"] = "utf-8",
        }));

    private static async Task<IReadOnlyList<ClientStep>> JdbcAsync(ClientEndpoint endpoint)
    {
        var url = $"jdbc:postgresql://{endpoint.Host}:{endpoint.Port}/{endpoint.Database}?sslmode=verify-full&sslrootcert={endpoint.AuthorityPath}";
        return ClientOutput.Read("java", await Command.RunAsync("java",
            ["-Dfile.encoding=UTF-8", "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp", "/usr/share/java/postgresql.jar", Here("JdbcTypes.java"), url, endpoint.User, endpoint.Password]));
    }

    /// <summary>Npgsql asks for binary; for text it has to be told that it knows no type, and then gives strings.</summary>
    private static async Task<IReadOnlyList<ClientStep>> NpgsqlAsync(ClientEndpoint endpoint)
    {
        var steps = new List<ClientStep>();
        await using var connection = new NpgsqlConnection(NpgsqlConnections.StringFor(endpoint));
        await connection.OpenAsync();
        foreach (var form in (string[])["text", "binary"])
            foreach (var table in (string[])["filled", "sparse"])
            {
                await using var command = new NpgsqlCommand($"select * from {table} order by id", connection) { AllResultTypesAreUnknown = form == "text" };
                await using var reader = await command.ExecuteReaderAsync();
                for (var row = 1; await reader.ReadAsync(); row++)
                    for (var i = 0; i < reader.FieldCount; i++)
                        steps.Add(new ClientStep($"{form} {table} {row} {reader.GetName(i)}", Read(reader, i)));
            }
        return steps;
    }

    private static string Read(NpgsqlDataReader reader, int column)
    {
        if (reader.IsDBNull(column))
            return "null";
        try
        {
            var value = reader.GetValue(column);
            return $"{value.GetType().Name} {NpgsqlConnections.Print([[value]])}";
        }
        catch (InvalidCastException)
        {
            return "error: Npgsql does not read the type";
        }
    }

    private static string Classification() => $$"""
        tables:
          public.filled: { id: not-phi, {{Classes()}} }
          public.sparse: { id: not-phi, {{Classes()}} }
        """;

    private static string Classes() => string.Join(", ", Parsed.Select(column => $"{column.Name}: {ClassOf(column.Name)}"));

    private static string ClassOf(string column) => column switch
    {
        _ when Dates.Contains(column) => "date",
        "age" or "young" => "age",
        "zip" or "zip5" => "zip-code",
        "city" => "city",
        _ => "other-unique",
    };

    /// <summary>A box array has semicolons of its own.</summary>
    private static List<string> Join(List<string> columns, string next)
    {
        if (next.Contains(" = ", StringComparison.Ordinal))
            columns.Add(next);
        else
            columns[^1] += ";" + next;
        return columns;
    }

    private static (string Name, string Type, string Value) Parse(string column)
    {
        var definition = column.Split(" = ", 2);
        var words = definition[0].Split(' ', 2);
        return (words[0], words[1], definition[1]);
    }

    private static string Here(string file, [CallerFilePath] string thisFile = "") => Path.Combine(Path.GetDirectoryName(thisFile)!, file);
}
