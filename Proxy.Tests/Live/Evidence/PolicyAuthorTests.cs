using System.Globalization;
using NUnit.Framework;
using Proxy.Core.Journal;
using Proxy.Core.Journal.Reading;
using Proxy.Core.Journal.Records;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Evidence;

/// <summary>Whom rules.yaml names as its author stands in the record of each version, in the report of them, and on the page of a statement that it decided.</summary>
public sealed class PolicyAuthorTests
{
    [Test]
    public async Task Each_statement_is_proven_with_the_author_of_the_version_that_decided_it()
    {
        var server = await SharedServers.PostgresAsync();
        await using var gateway = await PhiGateProcess.StartAsync(new PhiGateOptions
        {
            Server = server,
            Database = await server.CreateDatabaseAsync(),
            Rules = Rules("ada@example.org"),
        });
        await using (var client = await WireClient.OpenAsync(gateway.Endpoint()))
        {
            await client.QueryAsync("select 'decided by ada'");
            await File.WriteAllTextAsync(Path.Combine(gateway.ConfigurationDirectory, "rules.yaml"), Rules("grace@example.org"));
            await Eventually.IsTrueAsync(
                async () => (await RecordedEvents.OfAsync<DecodedConfigurationChanged>(gateway.JournalDirectory)).Count == 2, "the new version is in force");
            await client.QueryAsync("select 'decided by grace'");
        }
        Assert.That(await gateway.StopAsync(), Is.Zero);

        var pages = new List<string>();
        foreach (var number in Intents(gateway.JournalDirectory))
            pages.Add((await Command.RunAsync(PhiGateProcess.Program, ["audit", "prove", gateway.JournalDirectory, number])).Output);
        Assert.That(pages, Has.Count.EqualTo(2));
        Assert.That(pages[0], Does.Contain("'decided by ada'").And.Contain("by ada@example.org (as rules.yaml says)").And.Not.Contain("grace@"));
        Assert.That(pages[1], Does.Contain("'decided by grace'").And.Contain("by grace@example.org (as rules.yaml says)").And.Not.Contain("ada@"));
        var report = (await Command.RunAsync(PhiGateProcess.Program, ["audit", "report", "policy-changes", gateway.JournalDirectory])).Output;
        Assert.That(report, Does.Contain("ada@example.org").And.Contain("grace@example.org"));
    }

    private static string Rules(string author) => $"author: {author}\n{PhiGateOptions.RulesByGroup}";

    private static List<string> Intents(string journal)
    {
        var numbers = new List<string>();
        using var reader = new JournalReader(journal);
        while (reader.Read() is var step and not JournalReadResult.End)
            if (step is JournalReadResult.Record && reader.Entry.Kind is RecordKind.Intent)
                numbers.Add(reader.Entry.Number.ToString(CultureInfo.InvariantCulture));
        return numbers;
    }
}
