using MySqlConnector;
using NUnit.Framework;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.MySql;

/// <summary>The real program in front of a real MariaDB.</summary>
public sealed class MySqlThroughTheGatewayTests
{
    private MariaDbServer _server = null!;
    private PhiGateProcess? _gateway;
    private string _database = "";

    [OneTimeSetUp]
    public async Task Start()
    {
        _server = await SharedServers.MariaDbAsync();
        _database = await _server.CreateDatabaseAsync("through");
        await _server.ExecuteAsync(_database, "create table patients (id int primary key, ssn varchar(11) not null)");
        await _server.ExecuteAsync(_database, "insert into patients values (1, '912-57-3461')");
        _gateway = await PhiGateProcess.StartAsync(new PhiGateOptions { MariaDb = _server, Database = _database });
    }

    [OneTimeTearDown]
    public async Task End() => await (_gateway?.DisposeAsync() ?? ValueTask.CompletedTask);

    [Test]
    public async Task A_token_signs_in_and_a_query_runs_or_is_refused_politely()
    {
        await using var connection = new MySqlConnection(ConnectionString(_gateway!.Endpoint()));
        await connection.OpenAsync();
        await using var command = new MySqlCommand("select 1", connection);
        try
        {
            Assert.That(await command.ExecuteScalarAsync(), Is.EqualTo(1));
        }
        catch (MySqlException refusal)
        {
            Assert.That(refusal.Message, Does.StartWith("phigate code="));
        }

        Assert.That(await connection.PingAsync(), Is.True);
    }

    [Test]
    public async Task What_nobody_has_reviewed_is_never_shown_to_who_sees_masks()
    {
        await using var connection = new MySqlConnection(ConnectionString(_gateway!.Endpoint(PhiGateOptions.RedactGroup)));
        await connection.OpenAsync();
        await using var command = new MySqlCommand("select ssn from patients", connection);
        try
        {
            Assert.That(await command.ExecuteScalarAsync(), Is.Not.EqualTo("912-57-3461"));
        }
        catch (MySqlException refusal)
        {
            Assert.That(refusal.Message, Does.StartWith("phigate code=").And.Not.Contain("912-57-3461"));
        }
    }

    [Test]
    public async Task A_function_that_another_session_made_a_moment_ago_is_known()
    {
        await using var connection = new MySqlConnection(ConnectionString(_gateway!.Endpoint(PhiGateOptions.RedactGroup)));
        await connection.OpenAsync();
        for (var i = 0; i < 4; i++)
        {
            await _server.ExecuteAsync(_database, $"create function beds_{i}() returns int no sql return {i} + 40");
            await using var command = new MySqlCommand($"select beds_{i}()", connection);
            Assert.That(command.ExecuteScalarAsync, Throws.Nothing);
        }
    }

    [Test]
    public async Task A_token_of_nobody_is_refused()
    {
        await using var connection = new MySqlConnection(ConnectionString(_gateway!.EndpointWith("not.a.token")));
        Assert.That(connection.OpenAsync, Throws.InstanceOf<MySqlException>().With.Property("Number").EqualTo(1045));
    }

    private static string ConnectionString(ClientEndpoint endpoint) => new MySqlConnectionStringBuilder
    {
        Server = endpoint.Host,
        Port = (uint)endpoint.Port,
        Database = endpoint.Database,
        UserID = endpoint.User,
        Password = endpoint.Password,
        SslMode = MySqlSslMode.VerifyFull,
        SslCa = endpoint.AuthorityPath,
        Pooling = false,
    }.ConnectionString;
}
