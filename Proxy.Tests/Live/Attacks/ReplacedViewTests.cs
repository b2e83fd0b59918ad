using System.Text;
using NUnit.Framework;
using Proxy.Core.Masking;
using Proxy.Core.Policy;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Attacks;

/// <summary>
/// One session puts PHI behind the name of a public view, and another reads it before the catalogue was asked for anew. Through one gateway the
/// answer waits until it is known what the name means.
/// </summary>
public sealed class ReplacedViewTests
{
    private const string Replace = "create or replace view wards as select ssn as name, id as floor from patients";
    private const string PutBack = "create or replace view wards as select name, floor from departments";
    private const string Probe = "select name from wards";

    private PostgresServer _server = null!;
    private GatewayHarness _gateway = null!;
    private string _database = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _server = await PostgresServer.StartAsync();
        _database = await _server.CreateDatabaseAsync("replaced");
        await _server.ExecuteAsync(_database, AttackDatabase.Create);
        await _server.ExecuteAsync(
            _database,
            "create function first_ward() returns text language sql stable as 'select name from wards order by name limit 1'");
        var designers = new AccessRule
        {
            Name = "designers",
            Risk = new RiskCondition { Within = RiskClasses.Read | RiskClasses.PhiRead | RiskClasses.Write | RiskClasses.Session | RiskClasses.Schema },
            Verdict = Verdict.Mask,
            Profile = MaskProfile.Redacted,
        };
        _gateway = await GatewayHarness.StartAsync(_server, _database, new AccessPolicy([designers], "designers"), new AttackClassifier(), TestUser.Postgres);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _gateway.DisposeAsync();
        await _server.DisposeAsync();
    }

    [TestCase("select * from wards")]
    [TestCase("select upper(name) from wards")]
    [TestCase("execute q")]
    [TestCase("copy wards to stdout")]
    [TestCase("copy (select name from wards) to stdout")]
    public async Task What_another_session_puts_behind_a_name_is_not_shown(string sql) =>
        Assert.That(await ReadAcrossAsync(sql, [Replace]), Is.Empty);

    [Test]
    public async Task Nor_what_it_commits_later() =>
        Assert.That(await ReadAcrossAsync("select * from wards", ["begin", Replace, "commit"]), Is.Empty);

    /// <summary>Texts that name no relation at all.</summary>
    [TestCase("select first_ward()")]
    [TestCase("select lower(first_ward())")]
    public async Task Nor_what_it_puts_behind_the_body_of_a_function(string sql) =>
        Assert.That(await ReadAcrossAsync(sql, [Replace], sql), Is.Empty);

    private async Task<List<string>> ReadAcrossAsync(string sql, string[] changes, string probe = Probe)
    {
        await using var reader = await WireClient.OpenAsync(_gateway.Endpoint);
        await using var designer = await WireClient.OpenAsync(_gateway.Endpoint);
        var shown = new List<string>();
        for (var round = 0; round < 3; round++)
        {
            while (!await IsPublicAsync(reader, probe))
                await Task.Delay(50);
            await SayAsync(reader, "deallocate all");
            await SayAsync(reader, "prepare q as select name from wards");
            await SayAsync(reader, sql);
            foreach (var change in changes)
                await SayAsync(designer, change);
            shown.AddRange(await SayAsync(reader, sql));
            shown.AddRange(await SayAsync(reader, sql));
            await _server.ExecuteAsync(_database, PutBack);
        }
        return shown;
    }

    /// <summary>Whether the catalogue knows the name as it was made: only then can it be wrong about the other.</summary>
    private static async Task<bool> IsPublicAsync(WireClient client, string probe)
    {
        await client.SendAsync(PostgresRequests.Query(probe));
        return (await client.ReceiveUntilReadyAsync()).Any(static frame =>
            frame.Type == 'D' && Encoding.Latin1.GetString(frame.Body).Contains("Cardiology", StringComparison.OrdinalIgnoreCase));
    }

    private static async Task<List<string>> SayAsync(WireClient client, string sql)
    {
        await client.SendAsync(PostgresRequests.Query(sql));
        var shown = new List<string>();
        foreach (var frame in await client.ReceiveUntilReadyAsync())
            shown.AddRange(AttackDatabase.Canaries.Where(canary => Encoding.Latin1.GetString(frame.Body).Contains(canary, StringComparison.OrdinalIgnoreCase)));
        return shown;
    }
}
