using MySqlConnector;
using NUnit.Framework;

namespace Proxy.Tests.Support.SelfTests;

public sealed class MariaDbServerTests
{
    /// <summary>Without the account for client_ed25519, which MySqlConnector does not speak by itself.</summary>
    private static readonly MariaDbUser[] Users = [MariaDbUser.Admin, MariaDbUser.Native];

    [Test]
    public async Task A_server_serves_its_accounts_over_verified_TLS([ValueSource(nameof(Users))] MariaDbUser user)
    {
        var server = await SharedServers.MariaDbAsync();
        var database = await server.CreateDatabaseAsync();
        await using var connection = await server.OpenAsync(database, user);
        await using var command = new MySqlCommand("show session status like 'Ssl_version'", connection);
        await using var reader = await command.ExecuteReaderAsync();
        Assert.That(await reader.ReadAsync(), Is.True);
        Assert.That(reader.GetString(1), Does.StartWith("TLSv1."));
    }

    [Test]
    public async Task The_statement_log_has_what_one_account_sent()
    {
        await using var server = await MariaDbServer.StartAsync(new MariaDbServerOptions { LogStatements = true });
        var database = await server.CreateDatabaseAsync();
        await using (var connection = await server.OpenAsync(database, MariaDbUser.Native))
        await using (var command = new MySqlCommand("select 'seen'", connection))
            await command.ExecuteScalarAsync();
        var log = await server.ReadStatementLogAsync(MariaDbUser.Native);
        Assert.That(log, Does.Contain("select 'seen'"));
        Assert.That(log, Has.None.Contains("create database"));
    }
}
