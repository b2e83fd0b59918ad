using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using NUnit.Framework;
using Parquet.Serialization;
using Proxy.Core.Journal;
using Proxy.Core.Journal.Heads;
using Proxy.Core.Journal.Records;
using Proxy.Core.Policy;
using Proxy.Host.Commands;
using Proxy.Host.Evidence;
using Proxy.Host.Evidence.Index;
using Proxy.Tests.Support;

namespace Proxy.Tests.Host.Evidence;

/// <summary>The audit's commands on a journal with two sessions: what they find, and that nothing sealed gets out without the key.</summary>
public sealed class AuditCommandTests
{
    private const string Canary = "536-90-4399";

    private TemporaryDirectory _directory = null!;
    private Guid _session;

    private string Journal => _directory.Combine("journal");

    [SetUp]
    public async Task MakeJournal()
    {
        _directory = new TemporaryDirectory();
        _session = Guid.NewGuid();
        using var keys = JournalKeyDirectory.OpenOrCreate(JournalKeyDirectory.DefaultFor(Journal), Journal);
        await using var journal = await MappedJournal.OpenAsync(
            new JournalOptions
            {
                Directory = Journal,
                SegmentBytes = 128 * 1024,
                Evidence = new JournalEvidence { SealingKey = keys.Sealing, Signer = keys.Signer },
            },
            TimeProvider.System, CancellationToken.None);
        Write(journal, _session, "ada", "public.patient", $"select * from patient where ssn = '{Canary}'");
        Write(journal, Guid.NewGuid(), "grace", "public.ward", "select * from ward");
    }

    [TearDown]
    public void RemoveDirectory() => _directory.Dispose();

    [Test]
    public async Task Search_finds_by_person_and_by_relation()
    {
        Assert.That(await LinesAsync("search", Journal, "--human", "ada"), Has.Count.EqualTo(1));
        Assert.That(await LinesAsync("search", Journal, "--relation", "ward"), Has.Count.EqualTo(1));
        Assert.That(await LinesAsync("search", Journal), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Nothing_sealed_is_in_any_file_or_in_what_is_printed_without_the_key()
    {
        var output = (await PhigateAsync("search", Journal)).Output + (await PhigateAsync("read", Journal)).Output
            + (await PhigateAsync("export", Journal, "--output", _directory.Combine("export"))).Output;
        Assert.That(output, Does.Not.Contain(Canary));
        foreach (var file in Directory.GetFiles(_directory.Path, "*", SearchOption.AllDirectories))
            Assert.That(File.ReadAllBytes(file).AsSpan().IndexOf(Encoding.UTF8.GetBytes(Canary)), Is.Negative, file);
    }

    [Test]
    public async Task Show_and_replay_need_the_sealing_key()
    {
        Assert.That((await PhigateAsync("show", Journal, "2")).Output, Does.Contain(Canary));
        var replay = (await PhigateAsync("replay", Journal, _session.ToString())).Output;
        Assert.That(replay, Does.Contain(Canary).And.Contain("SELECT 1"));
        File.Delete(Path.Combine(JournalKeyDirectory.DefaultFor(Journal), "sealing.key"));
        Assert.That((await PhigateAsync("show", Journal, "2", "--unrecorded")).ExitCode, Is.EqualTo(1));
        Assert.That((await PhigateAsync("replay", Journal, _session.ToString(), "--unrecorded")).ExitCode, Is.EqualTo(1));
    }

    [Test]
    public async Task Prove_is_a_page_that_holds()
    {
        var (exitCode, output, error) = await PhigateAsync("prove", Journal, "2");
        Assert.That(exitCode, Is.Zero, error);
        Assert.That(output, Does.Contain(Canary).And.Contain("holds under the key").And.Contain("on behalf of ada").And.Contain("clinicians"));
    }

    [Test]
    public async Task Verify_says_that_the_journal_is_whole_and_after_a_change_that_it_is_not()
    {
        Assert.That((await PhigateAsync("verify", Journal)).Output, Does.Contain("the journal is whole"));
        var segment = Path.Combine(Journal, "segment-0000000001.journal");
        var bytes = await File.ReadAllBytesAsync(segment);
        bytes[4200] ^= 1;
        await File.WriteAllBytesAsync(segment, bytes);
        var (exitCode, output, _) = await PhigateAsync("verify", Journal);
        Assert.That(exitCode, Is.EqualTo(3), output);
        Assert.That(output, Does.Contain("CHANGED  segment 1"));
    }

    [Test]
    public async Task Reading_the_audit_is_recorded_in_a_journal_that_verifies()
    {
        await PhigateAsync("search", Journal, "--human", "ada");
        await PhigateAsync("show", Journal, "2");
        var reads = AuditReads.DirectoryFor(Journal);
        var keys = JournalKeyDirectory.DefaultFor(Journal);
        var output = (await PhigateAsync("read", reads, "--keys", keys, "--unrecorded")).Output;
        Assert.That(output.Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.Length.EqualTo(2));
        Assert.That(output, Does.Contain("\"command\":\"search\"").And.Contain("\"command\":\"show\"").And.Not.Contain("ada"));
        Assert.That((await PhigateAsync("verify", reads, "--keys", keys)).ExitCode, Is.Zero);
    }

    [Test]
    public async Task A_review_is_recorded_with_the_digest_of_the_report_that_was_reviewed()
    {
        var report = _directory.Combine("report.json");
        var (exitCode, output, error) = await PhigateAsync(
            "review", Journal, "--from", "2020-01-01", "--to", "2100-01-01", "--reviewer", "Kim", "--finding", "2", "--note", Canary, "--report", report);
        Assert.That(exitCode, Is.Zero, error);
        var digest = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(report)));
        Assert.That(output, Does.Contain(digest));
        var reviews = (await PhigateAsync("report", "reviews", Journal)).Output;
        Assert.That(reviews, Does.Contain("Kim").And.Contain(digest).And.Contain("findings 2").And.Not.Contain(Canary));
    }

    [Test]
    public async Task A_damaged_index_is_made_anew()
    {
        await PhigateAsync("search", Journal);
        await File.WriteAllBytesAsync(AuditIndex.DefaultPathFor(Journal), RandomNumberGenerator.GetBytes(8192));
        Assert.That(await LinesAsync("search", Journal), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task A_page_of_the_index_that_is_damaged_is_found_when_it_is_asked_for()
    {
        var before = await LinesAsync("search", Journal);
        var path = AuditIndex.DefaultPathFor(Journal);
        using (var connection = new SqliteConnection($"Data Source={path};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "select (rootpage - 1) * (select page_size from pragma_page_size) from sqlite_master where name = 'statements'";
            using var file = File.OpenWrite(path);
            file.Position = (long)command.ExecuteScalar()!;
            // No kind of page begins so.
            file.Write([.. Enumerable.Repeat((byte)0xFF, 4096)]);
        }

        Assert.That(await LinesAsync("search", Journal), Is.EqualTo(before));
    }

    [Test]
    public async Task An_export_has_the_same_rows_twice_and_a_manifest_that_is_signed()
    {
        var export = _directory.Combine("export");
        Assert.That((await PhigateAsync("export", Journal, "--output", export)).ExitCode, Is.Zero);
        var lines = await File.ReadAllLinesAsync(Path.Combine(export, "statements.jsonl"));
        await using var parquet = File.OpenRead(Path.Combine(export, "statements.parquet"));
        var rows = (await ParquetSerializer.DeserializeAsync<StatementRow>(parquet)).Data;
        Assert.That(rows.Select(row => row.Number), Is.EqualTo(lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("number").GetInt64())));
        var manifest = await File.ReadAllBytesAsync(Path.Combine(export, "manifest.json"));
        var signature = Convert.FromBase64String(await File.ReadAllTextAsync(Path.Combine(export, "manifest.sig")));
        using var key = HeadVerificationKey.FromPem(await File.ReadAllTextAsync(Path.Combine(export, "signing.pub")));
        Assert.That(key.Verify(manifest, signature), Is.True);
        var digest = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(export, "statements.jsonl"))));
        Assert.That(Encoding.UTF8.GetString(manifest), Does.Contain(digest));
    }

    private static void Write(MappedJournal journal, Guid session, string human, string relation, string text)
    {
        var opened = new SessionOpenedRecord { SessionId = session, Issuer = "https://idp", Subject = "agent-1", Human = human, Target = "hospital" };
        journal.TryAppend(in opened, out _);
        var intent = new IntentRecord
        {
            SessionId = session,
            Text = Encoding.UTF8.GetBytes(text),
            Rule = "clinicians",
            Verdict = Verdict.Mask,
            Relations = [relation],
        };
        journal.TryAppend(in intent, out var number);
        byte[] answer = [(byte)'C', 0, 0, 0, 13, .. "SELECT 1\0"u8];
        var outcome = new OutcomeRecord
        {
            SessionId = session,
            Statement = number,
            Status = OutcomeStatus.Completed,
            Rows = 1,
            CommandTag = "SELECT 1"u8,
            AnswerMode = AnswerMode.Full,
            AnswerBytes = answer.Length,
            Answer = answer,
        };
        journal.TryAppend(in outcome, out _);
    }

    private static async Task<IReadOnlyList<string>> LinesAsync(params string[] arguments) =>
        (await PhigateAsync(arguments)).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static async Task<(int ExitCode, string Output, string Error)> PhigateAsync(params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var exitCode = await CommandTree.Create().Parse(["audit", .. arguments])
            .InvokeAsync(new System.CommandLine.InvocationConfiguration { Output = output, Error = error });
        return (exitCode, output.ToString(), error.ToString());
    }
}
