using System.Text;
using System.Text.RegularExpressions;
using NUnit.Framework;
using Proxy.Core.Catalogue;
using Proxy.Core.Masking;
using Proxy.Core.Policy;
using Proxy.Tests.Core.Catalogue;
using Proxy.Tests.Support;

namespace Proxy.Tests.Host.Catalogue;

/// <summary>Takes queries the whole way to a mask plan: read, assessed, described by a real server, planned for a rule that redacts.</summary>
internal sealed partial class PlannedQueries
{
    private static readonly Decision MaskAll = new(Verdict.Mask, MaskProfile.Redacted, "test", RiskClasses.Read, null);

    private readonly PostgresServer _server;
    private readonly string _database;
    private readonly CatalogueSnapshot _catalogue;

    private PlannedQueries(PostgresServer server, string database, CatalogueSnapshot catalogue)
    {
        _server = server;
        _database = database;
        _catalogue = catalogue;
    }

    public static async Task<PlannedQueries> OnAsync(PostgresVersion version)
    {
        var server = await SharedServers.PostgresAsync(version);
        var database = await Hospital.CreateAsync(server);
        return new PlannedQueries(server, database, await Hospital.LoadAsync(server, database));
    }

    /// <summary>What psql asks the server for one of its commands.</summary>
    public async Task<IReadOnlyList<string>> AskedByPsqlAsync(string command)
    {
        var result = await _server.PsqlAsync(_database, command, null, "-E");
        Assert.That(result.Errors, Is.Empty);
        return [.. EchoedQuery().Matches(result.Output).Select(match => match.Groups["text"].Value)];
    }

    /// <summary>Names of the columns that would not be shown as they are.</summary>
    public async Task<IReadOnlyList<string>> MaskedOfAsync(IEnumerable<string> statements)
    {
        var planner = new MaskPlanner(keys: null);
        var masked = new List<string>();
        await using var client = await WireClient.OpenAsync(_server.Endpoint(_database));
        foreach (var text in statements)
            foreach (var reading in await Reader.ReadAllAsync(text))
            {
                var sql = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text).AsSpan(reading.Start, reading.Length));
                var assessment = RiskAssessor.Assess(reading, _catalogue);
                var columns = await DescribedColumn.OfAsync(client, sql);
                var plan = planner.Plan([.. columns.Select(column => column.Column)], assessment, _catalogue, MaskAll, DateStyle.Iso, out _);
                masked.AddRange(columns.Where((_, i) => plan[i].Kind != MaskKind.Show).Select(column => column.Name));
                await TestContext.Out.WriteLineAsync($"{string.Join("; ", assessment.Findings)}\n{sql}");
            }
        return masked;
    }

    [GeneratedRegex(@"^\*+ QUERY \*+\n(?<text>.*?)\n\*+$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex EchoedQuery();
}
