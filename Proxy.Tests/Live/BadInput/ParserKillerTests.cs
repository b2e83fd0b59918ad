using NUnit.Framework;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.BadInput;

/// <summary>Valid texts that kill or stall a native parser, and a normal statement behind each on the same connection.</summary>
public sealed class ParserKillerTests
{
    private GatewayHarness _gateway = null!;

    [OneTimeSetUp]
    public async Task Start() => _gateway = await GatewayHarness.StartAsync(
        await StatementLogServer.Instance, "postgres", GatewayHarness.ShowEverything);

    [OneTimeTearDown]
    public async Task End() => await _gateway.DisposeAsync();

    private static IEnumerable<TestCaseData> Killers()
    {
        yield return Killer("Sum_of_80_KB", "57014", "select 1" + Repeat("+1", 40_000));
        yield return Killer("Parentheses_40_000_deep", "42601", "select " + Repeat("(", 40_000) + "1" + Repeat(")", 40_000));
        yield return Killer("Joins_60_000", "57014", "select 1 from t" + Repeat(" join t on 1=1", 60_000));
        yield return Killer("Joins_100_000_without_condition", "42P01", "select 1 from t" + Repeat(",t", 100_000));
        yield return Killer("Comments_100_000_deep", "57014", Repeat("/*", 100_000) + Repeat("*/", 100_000) + " select 'in comments'");
        yield return Killer("Comment_that_never_ends", "57014", Repeat("/*", 100_000) + " select 'in comments'");
        yield return Killer("Nots_100_000", "42601", "select " + Repeat("not ", 100_000) + "true");
        yield return Killer("Subqueries_20_000_deep", "42601", "select " + Repeat("(select ", 20_000) + "1" + Repeat(")", 20_000));
        yield return Killer("Unions_50_000", "57014", "select 1" + Repeat(" union select 1", 50_000));
        yield return Killer("Casts_50_000", "57014", "select 1" + Repeat("::int", 50_000));
        yield return Killer("Array_brackets_50_000", "42601", "select " + Repeat("array[", 50_000) + "1" + Repeat("]", 50_000));
        yield return Killer("Cases_20_000_deep", "42601", "select " + Repeat("case when true then ", 20_000) + "1" + Repeat(" end", 20_000));
    }

    [TestCaseSource(nameof(Killers))]
    public async Task Is_refused_and_the_connection_goes_on(string sqlState, string text)
    {
        await using var client = await WireClient.OpenAsync(_gateway.Endpoint);
        Check(await client.QueryAsync(text), sqlState);
        await Answer.IsServedAsync(client);
        await client.SendAsync(PostgresRequests.Parse("", text), PostgresRequests.Bind("", "", (string?[])[]), PostgresRequests.Execute(""), PostgresRequests.Sync());
        Check(await client.ReceiveUntilReadyAsync(), sqlState);
        await Answer.IsServedAsync(client);
        await Answer.NextIsServedAsync(_gateway);
    }

    /// <summary>57014 is our refusal; others are the server's own words about a text that it was only asked to parse.</summary>
    private static void Check(IReadOnlyList<WireFrame> answer, string sqlState)
    {
        Assert.That(string.Concat(answer.Select(frame => frame.Type)), Is.EqualTo("EZ"));
        Assert.That(answer[0].Field('C'), Is.EqualTo(sqlState));
        if (sqlState == "57014") Assert.That(answer[0].Field('D'), Does.Contain("code=parser-unavailable "));
    }

    private static TestCaseData Killer(string name, string sqlState, string text) => new(sqlState, text) { TestName = name };

    private static string Repeat(string part, int times) => string.Concat(Enumerable.Repeat(part, times));
}
