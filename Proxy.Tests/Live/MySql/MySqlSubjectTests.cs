using NUnit.Framework;
using Proxy.Core.Catalogue;
using Proxy.Core.Journal.Records;
using Proxy.Core.Journal.Subjects;
using Proxy.Tests.Support;
using Proxy.Tests.Support.MySql;

namespace Proxy.Tests.Live.MySql;

/// <summary>Whose rows an answer held is in the record, whatever protocol the rows came in; the codes are those that somebody gets who asks for a key as text.</summary>
public sealed class MySqlSubjectTests
{
    private const string Kind = "patient";

    private readonly SubjectCoder _coder = new(new byte[SubjectCoder.KeyBytes]);
    private MySqlJudgedGateway _judged = null!;

    [SetUp]
    public async Task Start()
    {
        var server = await SharedServers.MariaDbAsync();
        var database = await server.CreateDatabaseAsync("subjects");
        await server.ExecuteAsync(
            database,
            """
            create table visits (
                patient_id int, small tinyint, unsigned_key bigint unsigned, padded int(6) zerofill, code varchar(20), exact decimal(10, 0), born date, ward varchar(10));
            insert into visits values
                (4711, 5, 18446744073709551615, 42, 'P-1', 900, '1931-02-03', 'A'), (-12, -3, 7, 0, 'P-2', 901, '1931-02-03', 'B'), (4711, 5, 7, 42, 'P-1', 900, null, 'C'), (null, null, null, null, null, null, null, 'D')
            """);
        _judged = await MySqlJudgedGateway.StartAsync(server, database, new KeysOfPatients(), subjects: _coder);
    }

    [TearDown]
    public async Task End() => await _judged.DisposeAsync();

    [OneTimeTearDown]
    public void Clear() => _coder.Dispose();

    [TestCase("patient_id", "4711", "-12")]
    [TestCase("small", "5", "-3")]
    [TestCase("unsigned_key", "18446744073709551615", "7")]
    [TestCase("padded", "42", "0")]
    [TestCase("code", "P-1", "P-2")]
    [TestCase("exact", "900", "901")]
    public async Task Keys_are_coded_alike_in_text_in_binary_and_through_a_cursor(string column, params string[] keys)
    {
        var text = $"select ward, {column} from visits";
        await using (var client = await MySqlWireClient.OpenAsync(_judged.Gateway.Endpoint))
        {
            Assert.That((await client.QueryAsync(text))[^1].IsError, Is.False);
            var prepared = await client.CommandAsync([22, .. System.Text.Encoding.ASCII.GetBytes(text)]);
            var id = prepared[0].Payload[1..5];
            await client.CommandAsync([23, .. id, 0, 1, 0, 0, 0]);
            await client.CommandAsync([23, .. id, 1, 1, 0, 0, 0]);
            await client.CommandAsync([28, .. id, 10, 0, 0, 0]);
        }

        var records = await SubjectsAsync();
        Assert.That(records, Has.Count.EqualTo(3));
        foreach (var record in records)
        {
            Assert.That(record.SubjectKind, Is.EqualTo(Kind));
            Assert.That((record.Rows, record.UnreadRows), Is.EqualTo((4, 0)));
            Assert.That(record.Codes, Is.EquivalentTo(keys.Select(key => _coder.CodeOf(Kind, key))));
        }
    }

    [Test]
    public async Task A_key_of_a_type_without_codes_is_counted_as_unread()
    {
        await using (var client = await MySqlWireClient.OpenAsync(_judged.Gateway.Endpoint))
            await client.QueryAsync("select born from visits where ward = 'A'");
        var records = await SubjectsAsync();
        Assert.That(records.Select(static record => (record.Rows, record.UnreadRows)), Is.EqualTo(new[] { (0L, 1L) }));
    }

    [Test]
    public async Task An_answer_without_keys_has_no_subjects()
    {
        await using (var client = await MySqlWireClient.OpenAsync(_judged.Gateway.Endpoint))
            await client.QueryAsync("select ward, count(*) from visits group by ward");
        Assert.That(await SubjectsAsync(), Is.Empty);
    }

    private async Task<List<DecodedSubjects>> SubjectsAsync()
    {
        await _judged.Gateway.Journal.DisposeAsync();
        return [.. SessionRecords.Read(_judged.Gateway.JournalDirectory).OfType<DecodedSubjects>()];
    }

    private sealed class KeysOfPatients : IColumnClassifier
    {
        public IdentifierClass Classify(string schema, string table, string column, string typeName) =>
            table is "visits" ? column is "ward" ? IdentifierClass.NotPhi : IdentifierClass.MedicalRecordNumber : IdentifierClass.Unreviewed;

        public string? SubjectOf(string schema, string table, string column) => table is "visits" && column is not "ward" ? Kind : null;
    }
}
