using System.Buffers;
using System.Text;
using NUnit.Framework;
using Proxy.Host.Commands;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Evidence;

/// <summary>
/// The demo's hospital behind the real program, asked for its patients masked and unmasked, by literals and parameters. Then no identifier of any
/// patient is readable in whatever the gateway and the audit's commands have written.
/// </summary>
public sealed class PhiScanTests
{
    private static readonly string[] Columns = ["ssn", "mrn", "email", "phone", "street", "last_name", "city", "first_name || ' ' || last_name"];

    /// <summary>Shorter names can come about by chance in what is encrypted.</summary>
    private const int LettersMin = 7;

    [Test]
    public async Task No_identifier_of_a_patient_is_readable_without_a_key()
    {
        await using var server = await PostgresServer.StartAsync(new PostgresServerOptions());
        var database = await server.CreateDatabaseAsync("hospital");
        await server.ExecuteAsync(database, await File.ReadAllTextAsync(InRepository("demo/hospital/schema.sql")));
        await server.ExecuteAsync(database, await File.ReadAllTextAsync(InRepository("demo/hospital/data.sql")) + "; grant all on all tables in schema public to public");
        var identifiers = await IdentifiersAsync(server, database);
        await using var gateway = await PhiGateProcess.StartAsync(new PhiGateOptions { Server = server, Database = database, Classification = Classification() });
        foreach (var group in new[] { PhiGateOptions.ShowGroup, PhiGateOptions.RedactGroup })
            await AskAsync(gateway, group, identifiers[0]);
        await gateway.StopAsync();

        var printed = new StringBuilder(gateway.Output);
        var export = Path.Combine(gateway.ConfigurationDirectory, "export");
        string[][] commands =
        [
            ["search", gateway.JournalDirectory], ["read", gateway.JournalDirectory], ["export", gateway.JournalDirectory, "--output", export], ["report", "all", export],
            ["report", "all", gateway.JournalDirectory, "--format", "html"], ["verify", gateway.JournalDirectory],
        ];
        foreach (var command in commands)
            printed.Append(await PhigateAsync(command));

        var sought = SearchValues.Create([.. identifiers], StringComparison.Ordinal);
        Assert.That(FirstOf(printed.ToString(), sought), Is.Null);
        var files = Directory.GetFiles(gateway.ConfigurationDirectory, "*", SearchOption.AllDirectories);
        Assert.That(files, Has.Some.EndsWith(".journal").And.Some.EndsWith(".sqlite").And.Some.EndsWith(".parquet"));
        foreach (var file in files)
            Assert.That(FirstOf(Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file)), sought), Is.Null, file);
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

    private static string? FirstOf(string text, SearchValues<string> sought) =>
        text.AsSpan().IndexOfAny(sought) is var at and >= 0 ? text[at..Math.Min(text.Length, at + 24)] : null;

    /// <summary>What the shipped classification says of the hospital, as it stands under a target.</summary>
    private static string Classification()
    {
        var lines = File.ReadAllLines(InRepository("policies/classification.yaml"));
        var begin = Array.FindIndex(lines, static line => line.StartsWith("  hospital:", StringComparison.Ordinal)) + 1;
        return string.Join('\n', lines[begin..].Select(static line => line.Length > 4 ? line[4..] : ""));
    }

    private static async Task<string> PhigateAsync(string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        await CommandTree.Create().Parse(["audit", .. arguments]).InvokeAsync(new System.CommandLine.InvocationConfiguration { Output = output, Error = error });
        return output.ToString() + error;
    }

    private static string InRepository(string path)
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
            if (File.Exists(Path.Combine(directory.FullName, "proxy.sln")))
                return Path.Combine(directory.FullName, path);
        throw new DirectoryNotFoundException("proxy.sln is not above the tests");
    }
}
