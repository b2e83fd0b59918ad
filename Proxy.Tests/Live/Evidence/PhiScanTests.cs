using System.Text;
using NUnit.Framework;
using Proxy.Core.Journal;
using Proxy.Core.Journal.Records;
using Proxy.Core.Journal.Sealing;
using Proxy.Core.Journal.Segments;
using Proxy.Host.Evidence;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Evidence;

/// <summary>
/// The demo's hospital behind the real program, asked for its patients masked and unmasked, by literals and parameters, on a journal that has a past: segments that
/// are purged when it starts, and documentation of them that is kept. Then no identifier of any patient is readable in whatever the gateway and the audit's commands
/// have written, and no data key.
/// </summary>
public sealed class PhiScanTests
{
    private static readonly string[] Columns = ["ssn", "mrn", "email", "phone", "street", "last_name", "city", "first_name || ' ' || last_name"];

    /// <summary>Shorter names can come about by chance in what is encrypted.</summary>
    private const int LettersMin = 7;

    private const int RevocationsOfARun = 20;

    [Test]
    public async Task No_identifier_of_a_patient_is_readable_without_a_key()
    {
        await using var server = await PostgresServer.StartAsync(new PostgresServerOptions());
        var database = await server.CreateDatabaseAsync("hospital");
        await server.ExecuteAsync(database, await File.ReadAllTextAsync(InRepository("demo/hospital/schema.sql")));
        await server.ExecuteAsync(database, await File.ReadAllTextAsync(InRepository("demo/hospital/data.sql")) + "; grant all on all tables in schema public to public");
        var identifiers = await IdentifiersAsync(server, database);
        var dataKeys = new List<string>();
        await using var gateway = await PhiGateProcess.StartAsync(new PhiGateOptions
        {
            Server = server,
            Database = database,
            Classification = Classification(),
            Journal = "retention: { days: 30 }",
            PrepareJournal = async journal =>
            {
                await WritePastAsync(journal, identifiers);
                dataKeys.AddRange(await DataKeysAsync(journal));
            },
        });
        await Eventually.IsTrueAsync(() => Task.FromResult(gateway.Output.Contains("were purged; a record says so", StringComparison.Ordinal)), "segments are purged");
        foreach (var group in new[] { PhiGateOptions.ShowGroup, PhiGateOptions.RedactGroup })
            await AskAsync(gateway, group, identifiers[0]);
        await gateway.StopAsync();
        dataKeys.AddRange(await DataKeysAsync(gateway.JournalDirectory));

        await IsThereForWhoeverHasTheKeyAsync(gateway.JournalDirectory, identifiers);
        Assert.That(dataKeys, Has.Count.GreaterThan(2));
        await WrittenTraces.HoldNoneOfAsync(gateway, [.. identifiers, .. dataKeys]);
    }

    /// <summary>A journal of last year: statements, and revocations for reasons that people wrote. Some days in all, which is what a purge is worth.</summary>
    private static async Task WritePastAsync(string directory, List<string> identifiers)
    {
        using var keys = JournalKeyDirectory.OpenOrCreate(JournalKeyDirectory.DefaultFor(directory), directory);
        for (var run = 0; run < 2; run++)
        {
            var options = new JournalOptions
            {
                Directory = directory,
                SegmentBytes = JournalOptions.SegmentBytesMin,
                Evidence = new JournalEvidence { SealingKey = keys.Sealing, Signer = keys.Signer },
            };
            await using var journal = await MappedJournal.OpenAsync(options, new PastTime(TimeSpan.FromDays(400 - (10 * run))), CancellationToken.None);
            for (var i = 0; i < RevocationsOfARun; i++)
                Assert.That(TryAppend(journal, identifiers[(run * RevocationsOfARun) + i]), Is.True, journal.Reason);
        }
    }

    /// <summary>Of the segments that are there, each byte a character.</summary>
    private static async Task<IReadOnlyList<string>> DataKeysAsync(string directory)
    {
        using var sealing = JournalKeyDirectory.OpenSealing(JournalKeyDirectory.DefaultFor(directory));
        var dataKeys = new List<string>();
        foreach (var path in SegmentFileName.Numbers(directory).Select(number => SegmentFileName.Of(directory, number)))
        {
            var header = SegmentHeader.Read(SegmentHeader.PageOf(path), path);
            dataKeys.Add(Encoding.Latin1.GetString(
                await sealing.UnwrapAsync(header.KeyId, header.WrappedKey, new SegmentIdentity(header.JournalId, header.Number), CancellationToken.None)));
        }
        return dataKeys;
    }

    private static bool TryAppend(MappedJournal journal, string identifier)
    {
        var intent = new IntentRecord { Phase = IntentPhase.Parse, Text = Encoding.UTF8.GetBytes($"select * from patients where ssn = '{identifier}'") };
        var revoked = new AccessRevokedRecord { Subject = "agent", Value = "agent-1", RevokedBy = "operator", Reason = $"it asked for {identifier}" };
        return journal.TryAppend(in intent, out _) && journal.TryAppend(in revoked, out _);
    }

    /// <summary>Otherwise nothing would be found for want of anything to find.</summary>
    private static async Task IsThereForWhoeverHasTheKeyAsync(string journal, List<string> identifiers)
    {
        var kept = (await RecordedEvents.OfAsync<DecodedKept>(journal)).Select(static kept => RecordDecoder.Decode(kept.Open())).OfType<DecodedAccessRevoked>().ToList();
        Assert.That(kept, Has.Count.GreaterThanOrEqualTo(RevocationsOfARun));
        Assert.That(kept[0].Reason, Is.EqualTo($"it asked for {identifiers[0]}"));
        var answers = await RecordedEvents.OfAsync<DecodedIntent>(journal);
        Assert.That(answers.Select(static intent => Encoding.UTF8.GetString(intent.Text)), Has.Some.Contains(identifiers[0]));
    }

    private static async Task AskAsync(PhiGateProcess gateway, string group, string ssn)
    {
        await using var client = await WireClient.OpenAsync(gateway.Endpoint(group));
        await client.QueryAsync("select * from patients order by id limit 200");
        await client.QueryAsync($"select * from patients where ssn = '{ssn}'");
        await client.QueryAsync("select id from patients where last_name = 'Merriweather' and first_name like 'Jad%'");
        await client.QueryAsync("select first_name || ' ' || last_name as name, count(*) from patients group by 1 order by 2 desc limit 50");
        await client.QueryAsync("select 'Merriweather' from patients_of_merriweather");
        await client.QueryAsync($"select '{ssn}'::int");
        await client.QueryAsync("copy patients to stdout");
        await client.SendAsync(
            PostgresRequests.Parse("", "select * from patients where ssn = $1"), PostgresRequests.Bind("", "", ssn), PostgresRequests.DescribePortal(""), PostgresRequests.Execute(""),
            PostgresRequests.Sync());
        await client.ReceiveUntilReadyAsync();
    }

    private static async Task<List<string>> IdentifiersAsync(PostgresServer server, string database)
    {
        await using var connection = await server.OpenAsync(database);
        await using var command = connection.CreateCommand();
        command.CommandText = $"select {string.Join(", ", Columns)} from patients order by id limit 2000";
        await using var reader = await command.ExecuteReaderAsync();
        var identifiers = new List<string>();
        while (await reader.ReadAsync())
            for (var i = 0; i < Columns.Length; i++)
                identifiers.Add(reader.GetString(i));
        return [.. identifiers.Where(static identifier => identifier.Length >= LettersMin).Distinct()];
    }

    /// <summary>What the shipped classification says of the hospital, as it stands under a target.</summary>
    private static string Classification()
    {
        var lines = File.ReadAllLines(InRepository("policies/classification.yaml"));
        var begin = Array.FindIndex(lines, static line => line.StartsWith("  hospital:", StringComparison.Ordinal)) + 1;
        return string.Join('\n', lines[begin..].Select(static line => line.Length > 4 ? line[4..] : ""));
    }

    private static string InRepository(string path)
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
            if (File.Exists(Path.Combine(directory.FullName, "proxy.sln")))
                return Path.Combine(directory.FullName, path);
        throw new DirectoryNotFoundException("proxy.sln is not above the tests");
    }
}
