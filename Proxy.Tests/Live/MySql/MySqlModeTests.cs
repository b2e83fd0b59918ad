using NUnit.Framework;
using Proxy.Core.Sql.MySql;
using Proxy.Tests.Support;
using Proxy.Tests.Support.MySql;

namespace Proxy.Tests.Live.MySql;

/// <summary>sql_mode decides how texts are read: where the server's own one does, no session may leave it; what changes nothing about reading may be added.</summary>
public sealed class MySqlModeTests
{
    private MariaDbServer _server = null!;
    private string _database = "";

    [OneTimeSetUp]
    public async Task Start()
    {
        _server = await MariaDbServer.StartAsync();
        _database = await _server.CreateDatabaseAsync("modes");
        await _server.ExecuteAsync("mysql", "set global sql_mode = 'ANSI_QUOTES'");
    }

    [OneTimeTearDown]
    public async Task End() => await _server.DisposeAsync();

    [TestCase("set sql_mode = ''", true)]
    [TestCase("set sql_mode = 'STRICT_TRANS_TABLES'", true)]
    [TestCase("set @a = 1, sql_mode = ''", true)]
    [TestCase("set sql_mode = concat(@@sql_mode, ',STRICT_TRANS_TABLES')", false)]
    [TestCase("set autocommit = 1, session_track_schema = 1, sql_mode = concat(@@sql_mode, ',STRICT_TRANS_TABLES')", false)]
    public async Task A_session_keeps_the_modes_that_its_texts_are_read_by(string text, bool isRefused)
    {
        var reader = new MySqlFrontEnd(new MySqlFrontEndOptions()).For(MySqlReadSettings.Default with { Modes = MySqlModes.AnsiQuotes });
        await using var gateway = await MySqlGatewayHarness.StartAsync(_server.Port, _database, reader, new LenientJudge(masks: false));
        await using var client = await MySqlWireClient.OpenAsync(gateway.Endpoint);
        var reply = await client.QueryAsync(text);
        Assert.That(reply[0].IsError, Is.EqualTo(isRefused));
        if (isRefused) Assert.That(reply[0].Message, Does.StartWith("phigate code=setting-not-allowed"));
        Assert.That((await client.QueryAsync("select 1 as \"quoted\""))[^1].IsError, Is.False);
    }
}
