using Npgsql;
using NUnit.Framework;

namespace Proxy.Tests.Support.SelfTests;

public sealed class PostgresServerTests
{
    private static readonly TestUser[] Users = [.. TestUser.All];

    [TestCase(PostgresVersion.V13)]
    [TestCase(PostgresVersion.V15)]
    [TestCase(PostgresVersion.V18)]
    public async Task A_server_of_each_version_answers_over_verified_tls(PostgresVersion version)
    {
        var server = await SharedServers.PostgresAsync(version);
        await using var connection = await server.OpenAsync();
        Assert.That(connection.PostgreSqlVersion.Major, Is.EqualTo((int)version));
    }

    [TestCaseSource(nameof(Users))]
    public async Task Every_test_user_can_log_in_with_its_method(TestUser user)
    {
        var server = await SharedServers.PostgresAsync();
        await using var connection = await server.OpenAsync("postgres", user);
        await using var command = new NpgsqlCommand("select current_user", connection);
        Assert.That(await command.ExecuteScalarAsync(), Is.EqualTo(user.Name));
    }

    [Test]
    public async Task A_wrong_password_is_refused()
    {
        var server = await SharedServers.PostgresAsync();
        Assert.That(async () => await server.OpenAsync("postgres", TestUser.Scram with { Password = "wrong" }),
            Throws.InstanceOf<PostgresException>().With.Property("SqlState").EqualTo("28P01"));
    }

    [Test]
    public async Task The_statement_log_holds_what_was_executed()
    {
        await using var server = await PostgresServer.StartAsync(new PostgresServerOptions { LogStatements = true, RequireTls = true });
        await server.ExecuteAsync("postgres", "select 'seen\nand \"quoted\"'");
        await server.StopAsync();
        var log = await server.ReadStatementLogAsync();
        Assert.That(log.Select(entry => entry.Message), Has.Some.EndsWith("select 'seen\nand \"quoted\"'"));
    }

    [Test]
    public async Task A_disposed_server_leaves_no_process()
    {
        int id;
        await using (var server = await PostgresServer.StartAsync())
            id = server.ProcessId;
        Assert.That(Directory.Exists($"/proc/{id}"), Is.False);
    }

    [Test]
    public async Task Psql_connects_and_prints()
    {
        var server = await SharedServers.PostgresAsync();
        var result = await server.PsqlAsync("postgres", "select 1 + 1", TestUser.Scram, "-At");
        Assert.That(result, Is.EqualTo(new CommandResult(0, "2\n", "")));
    }
}
