using NUnit.Framework;
using Proxy.Tests.Core.Sql.Postgres;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Twins;

/// <summary>
/// The same statements under the policy "strict" on two hospitals that differ only in PHI: whoever gets the same answers, byte for byte, cannot know
/// which hospital it is, so no answer tells PHI. Columns, number and order of rows, command tags, errors and notices are all compared.
/// </summary>
public sealed class TwinRunTests
{
    private PostgresServer _server = null!;
    private GatewayHarness _one = null!;
    private GatewayHarness _other = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _server = await PostgresServer.StartAsync(new PostgresServerOptions { Settings = new Dictionary<string, string> { ["autovacuum"] = "off" } });
        var (one, other) = await TwinDatabases.CreateAsync(_server);
        var (policy, classifier) = await ShippedStrict.LoadAsync();
        _one = await GatewayHarness.StartAsync(_server, one, policy, classifier, TestUser.Postgres);
        _other = await GatewayHarness.StartAsync(_server, other, policy, classifier, TestUser.Postgres);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _one.DisposeAsync();
        await _other.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Test]
    public async Task Answers_do_not_differ_where_only_PHI_does()
    {
        var written = EmbeddedText.Read("twin-statements.sql").Split('\n').Where(static line => line.Length > 0 && !line.StartsWith("--", StringComparison.Ordinal)).ToList();
        var generator = new TwinStatements(Proof.Seed);
        var generated = Enumerable.Range(0, Proof.Size(400, 5_000)).Select(_ => generator.Next());
        await using var run = new TwinRun(_one.Endpoint, _other.Endpoint);

        foreach (var statement in written.Concat(generated))
            await run.CompareAsync(statement);

        var figures = $"{run.Answered + run.Failed} statements that strict lets through ({written.Count} of {run.Compared} written by hand), {run.Answered} answered, {run.Failed} failed, "
            + $"{run.Refused} others refused, seed {Proof.Seed}: {run.Differences.Count} differ";
        Proof.Record("Lineage, twin run", figures);
        await TestContext.Out.WriteLineAsync(figures);
        await TestContext.Out.WriteLineAsync(string.Join("\n", run.Notes));
        Assert.That(run.Differences, Is.Empty);
        Assert.That(run.Answered, Is.GreaterThan(Proof.Size(300, 500)));
    }

    /// <summary>Otherwise twins that are the same would look like a gateway that tells nothing.</summary>
    [TestCase("select last_name from patients order by id limit 1")]
    [TestCase("select id from patients order by birth_date, id limit 5")]
    [TestCase("select count(*) from claims where document::text like '%Zofia%'")]
    [TestCase("select 1 / (case when note like '%migraine%' then 0 else 1 end) from patients")]
    public async Task Without_the_gateway_they_differ(string statement)
    {
        await using var run = new TwinRun(_server.Endpoint(_one.Database), _server.Endpoint(_other.Database));

        await run.CompareAsync(statement);

        Assert.That(run.Differences, Is.Not.Empty);
    }
}
