using System.Globalization;
using MySqlConnector;
using NUnit.Framework;
using Proxy.Core.Catalogue;
using Proxy.Tests.Support;
using Proxy.Tests.Support.MySql;

namespace Proxy.Tests.Live.MySql.Clients;

/// <summary>
/// Real drivers read masked rows of every type, in text and in binary, without an error: what they make of each column is of the same type as at the server
/// itself, and no value of PHI is in it.
/// </summary>
public sealed class MySqlMaskedClientTests
{
    private const string Canary = "CANARY";

    private static readonly string[] Phi =
    [
        "ssn", "born", "seen", "at", "du", "yr", "ti", "si", "mi", "n", "big", "f", "d", "de", "ch", "tx", "bl", "vb", "en", "se", "bt", "js", "nothing",
    ];

    /// <summary>What drivers print of the real values.</summary>
    private static readonly string[] Secrets = [Canary, "1931", "1948", "777", "31337", "4711", "271.25", "577.5", "833.125", "17:43"];

    private MariaDbServer _server = null!;
    private string _database = "";
    private MySqlJudgedGateway _judged = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _server = await SharedServers.MariaDbAsync();
        _database = await _server.CreateDatabaseAsync("masked_clients");
        await _server.ExecuteAsync(
            _database,
            $$"""
            create table m (
                id int primary key, plain varchar(20), ssn varchar(20), born date, seen datetime(3), at timestamp(6) null, du time, yr year, ti tinyint, si smallint unsigned, mi mediumint,
                n int, big bigint unsigned, f float, d double, de decimal(12, 3), ch char(20), tx text, bl blob, vb varbinary(20), en enum('first', '{{Canary}}'), se set('x', '{{Canary}}'),
                bt bit(10), js json, nothing varchar(5));
            insert into m values
                (1, 'shown', '{{Canary}}', '1931-02-03', '1948-11-29 17:43:12.345', '1971-01-02 17:43:12.654321', '17:43:59', 1931, 77, 31337, 777777, 31337777, 4711777777, 271.25, 577.5, 833.125, '{{Canary}}',
                 '{{Canary}}', '{{Canary}}', '{{Canary}}', '{{Canary}}', 'x,{{Canary}}', b'1100001001', '"{{Canary}}"', null),
                (2, 'shown, too', null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null)
            """);
        _judged = await MySqlJudgedGateway.StartAsync(_server, _database, new NamedColumns(Phi.ToDictionary(static name => name, static _ => IdentifierClass.OtherUnique)));
    }

    [OneTimeTearDown]
    public async Task End() => await _judged.DisposeAsync();

    [TestCase("pymysql_masked.py", 2)]
    [TestCase("mysqlclient_masked.py", 2)]
    [TestCase("mysql2_masked.mjs", 2)]
    [TestCase("mariadb_masked.mjs", 2)]
    public async Task A_driver_reads_masks_as_values_of_the_columns_types(string script, int protocols) => Compare(
        await DriverRun.OfScriptAsync(script, _server.Endpoint(_database, MariaDbUser.Native)), await DriverRun.OfScriptAsync(script, _judged.Gateway.Endpoint), protocols);

    [TestCase("")]
    [TestCase("&useServerPrepStmts=true")]
    [TestCase("&useServerPrepStmts=true&useFetchSize=1")]
    public async Task MariaDB_Connector_J_reads_masks_as_values_of_the_columns_types(string options) => Compare(
        await DriverRun.OfJavaAsync("MariaDbJdbcMasked.java", _server.Endpoint(_database, MariaDbUser.Native), options),
        await DriverRun.OfJavaAsync("MariaDbJdbcMasked.java", _judged.Gateway.Endpoint, options), protocols: 1);

    [Test]
    public async Task MySqlConnector_reads_masks_as_values_of_the_columns_types([Values] bool prepares) =>
        Compare(await ReadAsync(_server.ConnectionString(_database, MariaDbUser.Native), prepares), await ReadAsync(_judged.ConnectionString, prepares), protocols: 1);

    [Test]
    public async Task The_mariadb_client_prints_masks()
    {
        var printed = await MariaDbClient.RunAsync(_judged.Gateway.Endpoint, "select * from m order by id; select 'second result'");
        Assert.That(printed.ExitCode, Is.Zero, printed.Errors);
        Assert.That(printed.Output, Does.Contain("shown, too").And.Contain("second result"));
        Assert.That(Secrets.Where(secret => printed.Output.Contains(secret, StringComparison.Ordinal)), Is.Empty, printed.Output);
    }

    private static async Task<string> ReadAsync(string connectionString, bool prepares)
    {
        using var lines = new StringWriter(CultureInfo.InvariantCulture);
        await using var connection = new MySqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new MySqlCommand("select * from m where id > @id order by id", connection);
        command.Parameters.AddWithValue("@id", 0);
        if (prepares) await command.PrepareAsync();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            for (var i = 0; i < reader.FieldCount; i++)
            {
                var value = reader.IsDBNull(i) ? null : reader.GetValue(i);
                var text = value is byte[] bytes ? System.Text.Encoding.Latin1.GetString(bytes) : Convert.ToString(value, CultureInfo.InvariantCulture);
                await lines.WriteLineAsync($"connector\t{reader.GetInt32(0)}\t{reader.GetName(i)}\t{value?.GetType().Name ?? "null"}\t{text}");
            }

        await lines.WriteLineAsync("closed");
        return lines.ToString();
    }

    private static void Compare(string direct, string masked, int protocols)
    {
        Assert.That(direct, Does.EndWith("closed\n"));
        Assert.That(direct, Does.Contain(Canary));
        Assert.That(Types(masked), Is.EqualTo(Types(direct)));
        Assert.That(Types(direct), Has.Count.EqualTo(protocols * 2 * (Phi.Length + 2)));
        Assert.That(Secrets.Where(secret => masked.Contains(secret, StringComparison.Ordinal)), Is.Empty, masked);
        Assert.That(masked, Does.Contain("shown, too"));
    }

    /// <summary>Of every line: protocol, row, column and type.</summary>
    private static List<string> Types(string printed) =>
        [.. printed.Split('\n').Where(static line => line.Contains('\t', StringComparison.Ordinal)).Select(static line => string.Join(' ', line.Split('\t')[..4]))];
}
