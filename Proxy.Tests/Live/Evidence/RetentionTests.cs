using System.Globalization;
using System.Text;
using Npgsql;
using NUnit.Framework;
using Proxy.Core.Journal;
using Proxy.Core.Journal.Records;
using Proxy.Host.Evidence;
using Proxy.Tests.Live.Clients;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Evidence;

/// <summary>
/// The program on a journal of many years: as soon as it runs, what is too old is purged, and of what is not quite so old the content is erased; it records
/// both, goes on, and an auditor with public keys sees the one journal that it is.
/// </summary>
public sealed class RetentionTests
{
    private static readonly (string Text, int DaysAgo)[] Past = [("seven years ago", 2560), ("last year", 400), ("last week", 7)];

    [Test]
    public async Task Records_go_after_their_days_and_their_content_after_its_own()
    {
        var server = await SharedServers.PostgresAsync();
        await using var gateway = await PhiGateProcess.StartAsync(new PhiGateOptions
        {
            Server = server,
            Database = await server.CreateDatabaseAsync(),
            Journal = "retention: { days: 2192, content-days: 365 }",
            PrepareJournal = FillAsync,
        });
        await Eventually.IsTrueAsync(() => Task.FromResult(gateway.Output.Contains("was erased; a record says so", StringComparison.Ordinal)), "content is erased");
        await Eventually.IsTrueAsync(() => Task.FromResult(gateway.Output.Contains("were purged; a record says so", StringComparison.Ordinal)), "segments are purged");
        await using (var connection = new NpgsqlConnection(NpgsqlConnections.StringFor(gateway.Endpoint())))
        {
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand("select 'today'", connection);
            Assert.That(await command.ExecuteScalarAsync(), Is.EqualTo("today"));
        }

        Assert.That(await gateway.StopAsync(), Is.Zero);
        var verified = await Command.RunAsync(PhiGateProcess.Program, ["audit", "verify", gateway.JournalDirectory]);
        Assert.That(verified.ExitCode, Is.Zero, verified.Output);
        Assert.That(verified.Output, Does.Contain("older than 2192 days").And.Contain("content older than 365 days").And.Contain("the journal is whole"));
        var intents = await RecordedEvents.OfAsync<DecodedIntent>(gateway.JournalDirectory);
        var texts = intents.Select(static intent => Encoding.UTF8.GetString(intent.Text)).ToList();
        Assert.That(texts.Where(text => text.Contains(" ago", StringComparison.Ordinal)), Is.Empty, "purged");
        Assert.That(texts.Where(text => text.Contains("last year", StringComparison.Ordinal)), Is.Empty, "erased");
        Assert.That(texts, Has.Some.EqualTo(""), "records whose content was erased");
        Assert.That(texts, Has.Some.Contains("last week").And.Some.Contains("today"), "kept");
    }

    [Test]
    public async Task Documentation_stays_for_its_six_years_where_everything_else_goes_after_a_month()
    {
        var server = await SharedServers.PostgresAsync();
        await using var gateway = await PhiGateProcess.StartAsync(new PhiGateOptions
        {
            Server = server,
            Database = await server.CreateDatabaseAsync(),
            Journal = "retention: { days: 30 }",
            PrepareJournal = FillAsync,
        });
        await Eventually.IsTrueAsync(() => Task.FromResult(gateway.Output.Contains("were purged; a record says so", StringComparison.Ordinal)), "segments are purged");
        Assert.That(await gateway.StopAsync(), Is.Zero);

        var verified = await Command.RunAsync(PhiGateProcess.Program, ["audit", "verify", gateway.JournalDirectory]);
        Assert.That(verified.ExitCode, Is.Zero, verified.Output);
        Assert.That(verified.Output, Does.Contain("kept     1 records of documentation").And.Contain("not older than 2192 days").And.Contain("the journal is whole"));
        var intents = await RecordedEvents.OfAsync<DecodedIntent>(gateway.JournalDirectory);
        Assert.That(intents.Select(static intent => Encoding.UTF8.GetString(intent.Text)), Has.None.Contains("last year").And.Some.Contains("last week"));
        var report = (await Command.RunAsync(PhiGateProcess.Program, ["audit", "report", "policy-changes", gateway.JournalDirectory])).Output;
        Assert.That(report, Does.Contain("version of last year").And.Contain("version of last week").And.Not.Contain("version of seven years ago"));
        var kept = (await RecordedEvents.OfAsync<DecodedKept>(gateway.JournalDirectory)).Single().Number.ToString(CultureInfo.InvariantCulture);
        var proof = await Command.RunAsync(PhiGateProcess.Program, ["audit", "prove", gateway.JournalDirectory, kept]);
        Assert.That(proof.ExitCode, Is.Zero, proof.Output + proof.Errors);
        Assert.That(proof.Output, Does.Contain("version of last year").And.Contain("holds under the key"));
        var read = (await Command.RunAsync(PhiGateProcess.Program, ["audit", "read", gateway.JournalDirectory])).Output;
        Assert.That(read.Split('\n').Single(static line => line.Contains("\"kind\":\"kept\"", StringComparison.Ordinal)), Does.Contain("version of last year"));
    }

    /// <summary>A few segments at each of the times, in a segment or more of its own.</summary>
    private static async Task FillAsync(string directory)
    {
        using var keys = JournalKeyDirectory.OpenOrCreate(JournalKeyDirectory.DefaultFor(directory), directory);
        foreach (var (text, daysAgo) in Past)
        {
            var options = new JournalOptions
            {
                Directory = directory,
                SegmentBytes = JournalOptions.SegmentBytesMin,
                Evidence = new JournalEvidence { SealingKey = keys.Sealing, Signer = keys.Signer },
            };
            await using var journal = await MappedJournal.OpenAsync(options, new PastTime(TimeSpan.FromDays(daysAgo)), CancellationToken.None);
            Change(journal, $"version of {text}");
            for (var i = 0; i < 1_000; i++)
            {
                while (!TryAppend(journal, $"select '{text}'"))
                    await Task.Delay(5);
            }
        }
    }

    private static bool TryAppend(MappedJournal journal, string text)
    {
        var intent = new IntentRecord { Phase = IntentPhase.Parse, Text = Encoding.UTF8.GetBytes(text) };
        return journal.TryAppend(in intent, out _);
    }

    private static void Change(MappedJournal journal, string version)
    {
        var changed = new ConfigurationChangedRecord { NewVersion = version, ChangedBy = "somebody", Digest = new byte[32] };
        Assert.That(journal.TryAppend(in changed, out _), Is.True);
    }
}
