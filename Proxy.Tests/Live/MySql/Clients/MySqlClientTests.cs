using MySqlConnector;
using NUnit.Framework;
using Proxy.Core.Sql.MySql;
using Proxy.Tests.Support;
using Proxy.Tests.Support.MySql;

namespace Proxy.Tests.Live.MySql.Clients;

/// <summary>Real drivers, with their own defaults, do through PhiGate what they do at the server itself.</summary>
public sealed class MySqlClientTests
{
    private MariaDbServer _server = null!;
    private MySqlGatewayHarness _gateway = null!;
    private string _database = "";

    [OneTimeSetUp]
    public async Task Start()
    {
        _server = await SharedServers.MariaDbAsync();
        _database = await _server.CreateDatabaseAsync("clients");
        await _server.ExecuteAsync(_database, "create table c (id int primary key, word varchar(100))");
        _gateway = await MySqlGatewayHarness.StartAsync(_server, _database);
    }

    [OneTimeTearDown]
    public async Task End() => await _gateway.DisposeAsync();

    [TestCase("pymysql_client.py")]
    [TestCase("mysqlclient_client.py")]
    [TestCase("mysql2_client.mjs")]
    [TestCase("mariadb_client.mjs")]
    public async Task A_driver_does_the_same_as_at_the_server(string script)
    {
        var direct = await DriverRun.OfScriptAsync(script, _server.Endpoint(_database, MariaDbUser.Native));
        var through = await DriverRun.OfScriptAsync(script, _gateway.Endpoint);
        Assert.That(direct, Does.EndWith("closed\n"));
        Assert.That(through, Is.EqualTo(direct));
    }

    [TestCase("")]
    [TestCase("&useServerPrepStmts=true")]
    [TestCase("&useServerPrepStmts=true&useFetchSize=1")]
    public async Task MariaDB_Connector_J_does_the_same_as_at_the_server(string options)
    {
        var direct = await DriverRun.OfJavaAsync("MariaDbJdbcClient.java", _server.Endpoint(_database, MariaDbUser.Native), options);
        var through = await DriverRun.OfJavaAsync("MariaDbJdbcClient.java", _gateway.Endpoint, options);
        Assert.That(direct, Does.EndWith("closed\n"));
        Assert.That(through, Is.EqualTo(direct));
    }

    [TestCase("mysql2_change.mjs", "changed [{\"mine\":null,\"same\":1}]\nseveral [[{\"a\":1}],[{\"b\":2}]]\nerror 1064\nalive [{\"c\":3}]\nclosed\n")]
    public async Task A_driver_changes_its_user_and_sends_several_statements_at_once(string script, string expected)
    {
        await using var gateway = await MySqlGatewayHarness.StartAsync(
            _server.Port, _database, new MySqlFrontEnd(new MySqlFrontEndOptions()).For(MySqlReadSettings.Default), new LenientJudge(masks: false));
        Assert.That(await DriverRun.OfScriptAsync(script, gateway.Endpoint), Is.EqualTo(expected));
    }

    [Test]
    public async Task MySqlConnector_prepares_pools_and_resets([Values] bool prepares)
    {
        var pooled = new MySqlConnectionStringBuilder(_gateway.ConnectionString) { Pooling = true, MaximumPoolSize = 1, ConnectionReset = true };
        await using var source = new MySqlDataSource(pooled.ConnectionString);
        for (var i = 0; i < 3; i++)
        {
            await using var connection = await source.OpenConnectionAsync();
            await using var command = new MySqlCommand("select @n + 1", connection);
            command.Parameters.AddWithValue("@n", 41);
            if (prepares) await command.PrepareAsync();
            Assert.That(Convert.ToInt32(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture), Is.EqualTo(42));
        }
    }

    [Test]
    public async Task A_command_that_takes_too_long_is_cancelled_by_KILL_on_another_connection()
    {
        await using var connection = new MySqlConnection(_gateway.ConnectionString);
        await connection.OpenAsync();
        await using var command = new MySqlCommand("select sleep(30)", connection) { CommandTimeout = 1 };
        Assert.That(command.ExecuteScalarAsync, Throws.InstanceOf<MySqlException>());
        Assert.That(await new MySqlCommand("select 'alive'", connection).ExecuteScalarAsync(), Is.EqualTo("alive"));
    }
}
