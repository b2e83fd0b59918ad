using System.Text;
using NUnit.Framework;
using Proxy.Core.Catalogue;
using Proxy.Tests.Support;
using Proxy.Tests.Support.MySql;

namespace Proxy.Tests.Live.Attacks.MySql;

/// <summary>
/// One session puts PHI behind the name of a public view, and another reads it before the catalogue was asked for anew. Through one gateway the answer
/// waits until it is known what the name means.
/// </summary>
public sealed class MySqlReplacedViewTests
{
    private const string Replace = "create or replace view wards as select ssn as name, id as floor from patients";
    private const string PutBack = "create or replace view wards as select name, floor from departments";

    private MariaDbServer _server = null!;
    private string _database = null!;
    private MySqlJudgedGateway _judged = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _server = await MariaDbServer.StartAsync();
        _database = await _server.CreateDatabaseAsync("replaced");
        await _server.ExecuteAsync(_database, MySqlAttackDatabase.Create);
        await _server.ExecuteAsync(_database, PutBack);
        _judged = await MySqlJudgedGateway.StartAsync(_server, _database, new Classifier());
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _judged.DisposeAsync();
        await _server.DisposeAsync();
    }

    [TestCase("select * from wards")]
    [TestCase("select upper(name) from wards")]
    [TestCase("execute q")]
    [TestCase("select cast(name as decimal(3, 1)) from wards")]
    public async Task What_another_session_puts_behind_a_name_is_not_shown(string sql) =>
        Assert.That(await ReadAcrossAsync(reader => ShownAsync(reader, sql), [Replace]), Is.Empty);

    /// <summary>DDL commits by itself, whatever the session has said of transactions.</summary>
    [Test]
    public async Task Nor_within_a_transaction() =>
        Assert.That(await ReadAcrossAsync(static reader => ShownAsync(reader, "select * from wards"), ["set autocommit = 0", "begin", Replace]), Is.Empty);

    /// <summary>What fails has done a part of its work already.</summary>
    [Test]
    public async Task Nor_behind_a_change_that_ends_in_an_error() =>
        Assert.That(
            await ReadAcrossAsync(
                static reader => ShownAsync(reader, "select * from wards"),
                ["create or replace view spare as select ssn as name, id as floor from patients", "rename table wards to old_wards, spare to wards", "drop view old_wards, missing"]),
            Is.Empty);

    [Test]
    public async Task Nor_to_a_statement_that_was_prepared_before()
    {
        byte[] execute = [];
        Assert.That(
            await ReadAcrossAsync(
                async reader =>
                {
                    if (execute.Length == 0)
                    {
                        var prepared = await reader.CommandAsync([22, .. "select name from wards"u8]);
                        execute = [23, .. prepared[0].Payload[1..5], 0, 1, 0, 0, 0];
                    }

                    return Canaries(await reader.CommandAsync(execute));
                },
                [Replace],
                () => execute = []),
            Is.Empty);
    }

    private async Task<List<string>> ReadAcrossAsync(Func<MySqlWireClient, Task<List<string>>> read, string[] changes, Action? begin = null)
    {
        var shown = new List<string>();
        for (var round = 0; round < 3; round++)
        {
            begin?.Invoke();
            await using var reader = await MySqlWireClient.OpenAsync(_judged.Gateway.Endpoint);
            await using var designer = await MySqlWireClient.OpenAsync(_judged.Gateway.Endpoint);
            while (!await IsPublicAsync(reader))
                await Task.Delay(50);
            await reader.QueryAsync("prepare q from 'select name from wards'");
            await read(reader);
            foreach (var change in changes)
                await designer.QueryAsync(change);
            shown.AddRange(await read(reader));
            shown.AddRange(await read(reader));
            await _server.ExecuteAsync(_database, PutBack);
        }

        return shown;
    }

    /// <summary>Whether the catalogue knows the view as it was made: only then can it be wrong about the other.</summary>
    private static async Task<bool> IsPublicAsync(MySqlWireClient client) =>
        (await client.QueryAsync("select name from wards")).Any(static packet => Text(packet).Contains("Cardiology", StringComparison.Ordinal));

    private static async Task<List<string>> ShownAsync(MySqlWireClient client, string sql) => Canaries(await client.QueryAsync(sql));

    private static List<string> Canaries(IReadOnlyList<MySqlPacket> reply) =>
        [.. reply.SelectMany(static packet => MySqlAttackDatabase.Canaries.Where(canary => Text(packet).Contains(canary, StringComparison.OrdinalIgnoreCase)))];

    private static string Text(MySqlPacket packet) => Encoding.Latin1.GetString(packet.Payload);

    private sealed class Classifier : IColumnClassifier
    {
        public IdentifierClass Classify(string schema, string table, string column, string typeName) =>
            table is "departments" || column is "id" ? IdentifierClass.NotPhi : column is "ssn" ? IdentifierClass.SocialSecurityNumber : IdentifierClass.Unreviewed;
    }
}
