using System.Text;
using NUnit.Framework;
using Proxy.Tests.Support;
using Proxy.Tests.Support.MySql;

namespace Proxy.Tests.Live.BadInput;

/// <summary>
/// The program in front of a server whose own sql_mode makes names of what stands in double quotes, and lets a backslash be one: read otherwise, a
/// column would pass for a constant.
/// </summary>
public sealed class MySqlServerModeTests
{
    private const string Secret = "912-57-3461";
    private MariaDbServer _server = null!;
    private PhiGateProcess _gateway = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _server = await MariaDbServer.StartAsync(new MariaDbServerOptions { Settings = new Dictionary<string, string> { ["sql-mode"] = "ANSI_QUOTES,NO_BACKSLASH_ESCAPES" } });
        var database = await _server.CreateDatabaseAsync("modes");
        await _server.ExecuteAsync(database, $"create table patients (id int primary key, ssn varchar(40)); insert into patients values (1, '{Secret}')");
        _gateway = await PhiGateProcess.StartAsync(new PhiGateOptions { MariaDb = _server, Database = database });
    }

    [OneTimeTearDown]
    public async Task End()
    {
        if (_gateway is not null) await _gateway.DisposeAsync();
        if (_server is not null) await _server.DisposeAsync();
    }

    [TestCase("select \"ssn\" from patients", Description = "a string, were it not for ANSI_QUOTES")]
    [TestCase("select '\\' , ssn from patients -- '", Description = "a string, were it not for NO_BACKSLASH_ESCAPES")]
    [TestCase("select '\\', \"ssn\" from patients -- '", Description = "both")]
    public async Task The_servers_own_modes_decide_how_texts_are_read(string text)
    {
        await using var direct = await MySqlWireClient.OpenAsync(_server.Endpoint(_gateway.Endpoint().Database));
        Assert.That(Shown(await direct.QueryAsync(text)), Does.Contain(Secret), "this is what the server makes of it");
        await using var client = await MySqlWireClient.OpenAsync(_gateway.Endpoint(PhiGateOptions.RedactGroup));
        var reply = await client.QueryAsync(text);
        Assert.That(reply[^1].IsError, Is.False, reply[^1].ToString());
        Assert.That(Shown(reply), Does.Not.Contain(Secret));
    }

    private static string Shown(IEnumerable<MySqlPacket> reply) => string.Join('\n', reply.Select(static packet => Encoding.UTF8.GetString(packet.Payload)));
}
