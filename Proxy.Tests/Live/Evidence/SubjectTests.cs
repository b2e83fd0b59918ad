using System.Buffers;
using System.Collections.Immutable;
using NUnit.Framework;
using Proxy.Core.Catalogue;
using Proxy.Core.Journal.Reading;
using Proxy.Core.Journal.Records;
using Proxy.Core.Journal.Subjects;
using Proxy.Core.Masking;
using Proxy.Core.Policy;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Evidence;

/// <summary>Each answer is recorded with codes of exactly those whose rows it held, whatever the format and however the key itself is shown.</summary>
public sealed class SubjectTests
{
    private const string Objects = """
        create table patient (id bigint primary key, name text, mrn char(8), ref uuid);
        create table visit (n int, patient_id int, what text);
        insert into patient select n, 'name ' || n, 'M' || n, ('00000000-0000-0000-0000-00000000000' || n)::uuid from generate_series(1, 9) n;
        insert into visit select n, 1 + n % 3, 'visit ' || n from generate_series(1, 30) n;
        insert into visit values (31, null, 'nobody''s');
        create view recent as select patient_id as who, what from visit where n < 3;
        grant all on all tables in schema public to public;
        """;

    private static readonly ColumnClassification Classification = new(
        [
            new ColumnMatcher { Relation = TextPattern.Exactly("patient"), Column = TextPattern.Exactly("name"), Class = IdentifierClass.Name, Origin = "test" },
            new ColumnMatcher { Relation = TextPattern.Exactly("patient"), Column = TextPattern.Exactly("mrn"), Class = IdentifierClass.MedicalRecordNumber, Origin = "test" },
            new ColumnMatcher { Schema = TextPattern.Exactly("public"), Class = IdentifierClass.NotPhi, Origin = "test" },
        ],
        subjects:
        [
            new SubjectKey("patient", "public", "patient", "id", "test"), new SubjectKey("patient", "public", "visit", "patient_id", "test"),
            new SubjectKey("mrn", "public", "patient", "mrn", "test"), new SubjectKey("ref", "public", "patient", "ref", "test"),
        ]);

    private static readonly byte[] Key = [.. Enumerable.Range(1, SubjectCoder.KeyBytes).Select(n => (byte)n)];

    private static readonly TestCaseData[] Answers =
    [
        Answer("text", "select id, name from patient where id < 4", "patient", "1", "2", "3"),
        Answer("under another table", "select patient_id from visit where n < 5", "patient", "2", "3", "1"),
        Answer("by another name and place", "select 'x', what, patient_id as sex from visit where n = 1", "patient", "2"),
        Answer("through a view", "select * from recent", "patient", "2", "3"),
        Answer("in a join", "select v.what, p.id from visit v join patient p on p.id = v.patient_id where v.n = 3", "patient", "1"),
        Answer("in a union", "select id from patient where id = 7 union all select patient_id from visit where n = 3", "patient", "7", "1"),
        Answer("masked itself", "select mrn from patient where id in (4, 5)", "mrn", "M4", "M5"),
        Answer("a uuid", "select ref from patient where id = 6", "ref", "00000000-0000-0000-0000-000000000006"),
        Answer("COPY of a table", "copy visit to stdout", "patient", "2", "3", "1"),
        Answer("COPY of some columns", "copy visit (what, patient_id) to stdout", "patient", "2", "3", "1"),
        Answer("COPY in csv", "copy visit to stdout (format csv, header)", "patient", "2", "3", "1"),
        Answer("COPY in binary", "copy visit to stdout (format binary)", "patient", "2", "3", "1"),
        Answer("COPY of a query", "copy (select 'a', patient_id from visit where n = 2) to stdout", "patient", "3"),
    ];

    [TestCaseSource(nameof(Answers))]
    public async Task An_answer_is_recorded_with_those_whose_rows_it_held(string text, string kind, string[] individuals)
    {
        var found = (await RecordsAsync(PostgresRequests.Query(text))).Single(record => record.SubjectKind == kind);
        using var coder = new SubjectCoder(Key);
        Assert.That(found.Codes, Is.EquivalentTo(individuals.Select(value => coder.CodeOf(kind, value))));
        Assert.That((found.IsCapped, found.UnreadRows), Is.EqualTo((false, 0L)));
    }

    [TestCase("select id, ref from patient where id < 4", "patient", "1")]
    [TestCase("select id, ref from patient where id < 4", "ref", "00000000-0000-0000-0000-000000000001")]
    [TestCase("select patient_id from visit where n = 3", "patient", "1")]
    public async Task An_individual_has_the_same_code_in_binary(string text, string kind, string individual)
    {
        var found = (await RecordsAsync(
            [.. PostgresRequests.Parse("", text), .. PostgresRequests.Bind("", "", (byte[]?[])[], resultFormats: [1]), .. PostgresRequests.Execute(""), .. PostgresRequests.Sync()]))
            .Single(record => record.SubjectKind == kind);
        using var coder = new SubjectCoder(Key);
        Assert.That(found.Codes, Does.Contain(coder.CodeOf(kind, individual)));
        Assert.That(found.UnreadRows, Is.Zero);
    }

    [Test]
    public async Task Beyond_the_cap_the_record_says_that_there_were_more()
    {
        var found = (await RecordsAsync(PostgresRequests.Query("select id from patient"), subjectsMax: 4)).Single();
        Assert.That((found.Codes.Length, found.IsCapped, found.Rows), Is.EqualTo((4, true, 9L)));
    }

    [Test]
    public async Task Each_statement_of_a_text_has_its_own()
    {
        var found = await RecordsAsync(PostgresRequests.Query("select id from patient where id = 1; select patient_id from visit where n = 1"));
        using var coder = new SubjectCoder(Key);
        Assert.That(found.Select(record => record.Codes.Single()), Is.EqualTo(new[] { coder.CodeOf("patient", "1"), coder.CodeOf("patient", "2") }));
    }

    [Test]
    public async Task An_answer_without_a_key_has_no_such_record()
    {
        Assert.That(await RecordsAsync(PostgresRequests.Query("select count(*) from visit")), Is.Empty);
    }

    [Test]
    public async Task A_long_row_that_passes_in_parts_is_counted_as_not_read()
    {
        var found = (await RecordsAsync(
            PostgresRequests.Query("select patient_id, repeat('x', 3000000) from visit where n = 1"), GatewayHarness.ShowEverything)).Single();
        Assert.That(found.Rows + found.UnreadRows, Is.EqualTo(1));
        Assert.That(found.Codes.Length, Is.EqualTo(found.Rows));
    }

    private static TestCaseData Answer(string name, string text, string kind, params string[] individuals) =>
        new TestCaseData(text, kind, individuals).SetArgDisplayNames(name);

    private static async Task<ImmutableArray<DecodedSubjects>> RecordsAsync(byte[] request, AccessPolicy? policy = null, int subjectsMax = 1000)
    {
        var server = await SharedServers.PostgresAsync();
        var database = await server.CreateDatabaseAsync();
        await server.ExecuteAsync(database, Objects);
        await using var harness = await DialectHarness.StartAsync(
            server, database, policy ?? GatewayHarness.Masked(MaskProfile.Redacted), Classification);
        using var coder = new SubjectCoder(Key);
        (harness.Subjects, harness.SubjectsMax) = (coder, subjectsMax);
        await using (var session = await harness.OpenAsync())
        {
            await session.Client.Output.WriteAsync(request);
            while (true)
            {
                var read = await session.Client.Input.ReadAsync();
                var isReady = read.Buffer.Length >= 6 && read.Buffer.Slice(read.Buffer.Length - 6).ToArray() is [(byte)'Z', 0, 0, 0, 5, _];
                session.Client.Input.AdvanceTo(isReady ? read.Buffer.End : read.Buffer.GetPosition(Math.Max(0, read.Buffer.Length - 6)), read.Buffer.End);
                if (isReady) break;
                Assert.That(read.IsCompleted, Is.False, session.Reason);
            }
        }

        using var reader = new JournalReader(harness.JournalDirectory);
        var found = ImmutableArray.CreateBuilder<DecodedSubjects>();
        while (reader.Read() is var step and not JournalReadResult.End)
            if (step is JournalReadResult.Record && RecordDecoder.Decode(reader.Entry) is DecodedSubjects subjects)
                found.Add(subjects);
        return found.ToImmutable();
    }
}
