using System.Text;
using NUnit.Framework;
using Proxy.Host.Identity;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Operations;

/// <summary>Changed files while sessions live, with the real program.</summary>
public sealed class ReloadTests
{
    private const string Secret = "912-57-3461";

    private PostgresServer _server = null!;
    private string _database = null!;
    private PhiGateProcess _gateway = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _server = await SharedServers.PostgresAsync();
        _database = await _server.CreateDatabaseAsync("reload");
        await _server.ExecuteAsync(_database, $"create table t(ssn text); grant all on t to public; insert into t values ('{Secret}')");
        _gateway = await PhiGateProcess.StartAsync(new PhiGateOptions { Server = _server, Database = _database });
    }

    [TearDown]
    public async Task StopAsync() => await _gateway.DisposeAsync();

    [Test]
    public async Task The_next_execution_of_a_prepared_statement_obeys_the_new_rules_and_a_bad_file_changes_nothing()
    {
        await using var client = await WireClient.OpenAsync(_gateway.Endpoint());
        await client.SendAsync(PostgresRequests.Parse("s", "select ssn from t"), PostgresRequests.Sync());
        await client.ReceiveUntilReadyAsync();
        Assert.That(await RunAsync(client), Is.EqualTo(Secret));

        await WriteAsync("rules.yaml", PhiGateOptions.RulesByGroup.Replace(
            "verdict: allow\n    profile: unmasked", "verdict: mask\n    profile: redacted", StringComparison.Ordinal));
        await Eventually.IsTrueAsync(async () => await RunAsync(client) == "****", "the prepared statement's rows are masked");

        await WriteAsync("rules.yaml", "rules: this is no list");
        await Eventually.IsTrueAsync(
            async () => (await _gateway.GetAsync("metrics")).Body.Contains("\nphigate_configuration_rejected 1\n", StringComparison.Ordinal), "the rejection is counted");
        var (status, body) = await _gateway.GetAsync("readyz");
        Assert.That((int)status, Is.EqualTo(200));
        Assert.That(body, Does.Contain("not taken over: rules.yaml:1:"));
        Assert.That(await RunAsync(client), Is.EqualTo("****"));
    }

    [Test]
    public async Task Sessions_that_no_rule_covers_any_more_are_ended_and_cannot_come_back()
    {
        await using var idle = await WireClient.OpenAsync(_gateway.Endpoint());
        await using var working = await WireClient.OpenAsync(_gateway.Endpoint());
        await working.QueryAsync("begin");

        await WriteAsync("rules.yaml", PhiGateOptions.RulesByGroup.Replace($"groups: [{PhiGateOptions.ShowGroup}]", "groups: [nobody]", StringComparison.Ordinal));

        Assert.That((await idle.ReceiveToEndAsync()).Single().Field('D'), Does.Contain("code=sign-in-not-allowed"));
        Assert.That((await working.ReceiveToEndAsync()).Single().Field('D'), Does.Contain("code=sign-in-not-allowed"));
        Assert.That(async () => await WireClient.OpenAsync(_gateway.Endpoint()), Throws.InvalidOperationException.With.Message.Contains("28000"));
    }

    [Test]
    public async Task Sessions_of_an_issuer_that_is_no_longer_trusted_are_ended()
    {
        await using var client = await WireClient.OpenAsync(_gateway.Endpoint());
        var file = Path.Combine(_gateway.ConfigurationDirectory, "gateway.yaml");
        var text = await File.ReadAllTextAsync(file);
        await WriteAsync("gateway.yaml", text.Replace(DevelopmentTokenRequest.DefaultIssuer, "https://another.invalid", StringComparison.Ordinal));
        Assert.That((await client.ReceiveToEndAsync()).Single().Field('D'), Does.Contain("code=sign-in-not-allowed"));
    }

    private Task WriteAsync(string name, string text) => File.WriteAllTextAsync(Path.Combine(_gateway.ConfigurationDirectory, name), text);

    private static async Task<string> RunAsync(WireClient client)
    {
        await client.SendAsync(PostgresRequests.Bind("", "s"), PostgresRequests.Execute(""), PostgresRequests.Sync());
        var replies = await client.ReceiveUntilReadyAsync();
        return replies.SingleOrDefault(frame => frame.Type == 'D') is { } row ? Encoding.UTF8.GetString(row.Body.AsSpan(6)) : string.Join(", ", replies);
    }
}
