using NUnit.Framework;
using Proxy.Core.Catalogue;
using Proxy.Core.Masking;
using Proxy.Protocols;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live;

/// <summary>psql through the gateway: the shortest way to see that a session works at all.</summary>
public sealed class ThroughTheGatewayTests
{
    [Test]
    public async Task Psql_gets_the_servers_answers_when_everything_is_shown()
    {
        var server = await SharedServers.PostgresAsync();
        var database = await server.CreateDatabaseAsync();
        await using var gateway = await GatewayHarness.StartAsync(server, database, GatewayHarness.ShowEverything);

        var result = await Psql.RunAsync(gateway.Endpoint, "create table t(a int, b text); insert into t values (1,'x'),(2,'y'); select * from t order by a; selec 1; select 2;", "-At");

        Assert.That(result.Output + result.Errors, Does.Contain("1|x").And.Contain("2|y").And.Contain("syntax error at or near \"selec\""));
    }

    [Test]
    public async Task Psql_gets_masked_values_of_columns_that_nobody_reviewed()
    {
        var server = await SharedServers.PostgresAsync();
        var database = await server.CreateDatabaseAsync();
        await server.ExecuteAsync(database, "create table t(a int, b text); insert into t values (17,'secret'); grant select on t to public");
        await using var gateway = await GatewayHarness.StartAsync(server, database, GatewayHarness.Masked(MaskProfile.Redacted));

        var result = await Psql.RunAsync(gateway.Endpoint, "select a, b, b || 'x' from t; select 40+2; begin; drop table t; select 1; rollback; select 43;", "-At");

        Assert.That(result.Output + result.Errors, Does.Not.Contain("secret").And.Not.Contain("17").And.Contain("0|****|****").And.Contain("42").And.Contain("43").And.Contain("phigate code="));
    }

    [Test]
    public async Task A_table_that_another_session_made_anew_a_moment_ago_is_shown_by_its_classes()
    {
        var server = await SharedServers.PostgresAsync();
        var database = await server.CreateDatabaseAsync();
        await server.ExecuteAsync(database, "create table departments(name text); grant select on departments to public");
        await using var gateway = await GatewayHarness.StartAsync(
            server, database, GatewayHarness.Masked(MaskProfile.Redacted), new Core.Catalogue.SaidClasses(new() { ["public.departments.*"] = IdentifierClass.NotPhi }));

        await server.ExecuteAsync(
            database, "drop table departments; create table departments(name text); insert into departments values ('Oncology'); grant select on departments to public");
        var result = await Psql.RunAsync(gateway.Endpoint, "select name from departments", "-At");

        Assert.That(result.Output, Is.EqualTo("Oncology\n"), result.Errors);
    }

    [Test]
    public async Task A_function_that_another_session_made_a_moment_ago_is_known()
    {
        var server = await SharedServers.PostgresAsync();
        var database = await server.CreateDatabaseAsync();
        await using var gateway = await GatewayHarness.StartAsync(server, database, GatewayHarness.Masked(MaskProfile.Redacted));

        var output = "";
        for (var i = 0; i < 4; i++)
        {
            await server.ExecuteAsync(database, $"create function beds_{i}() returns int language sql as 'select {i} + 40'");
            output += (await Psql.RunAsync(gateway.Endpoint, $"select beds_{i}()", "-At")) is var result ? result.Output + result.Errors : "";
        }

        Assert.That(output, Is.EqualTo("40\n41\n42\n43\n"));
    }

    [Test]
    public async Task A_row_over_the_limit_is_redacted_at_its_length()
    {
        var server = await SharedServers.PostgresAsync();
        var database = await server.CreateDatabaseAsync();
        await server.ExecuteAsync(database, "create table t(a text, b int); insert into t values (repeat('secret', 500000), 17); grant select on t to public");
        await using var gateway = await GatewayHarness.StartAsync(
            server, database, GatewayHarness.Masked(MaskProfile.Redacted), limits: new Limits { RowBytesMax = 1 << 20 });

        var result = await Psql.RunAsync(gateway.Endpoint, "select a, b from t; select 43;", "-At");

        Assert.That(result.Errors, Is.Empty);
        Assert.That(result.Output, Does.Match("^\\*{3000000}\\|00\n43\n$"));
    }
}
