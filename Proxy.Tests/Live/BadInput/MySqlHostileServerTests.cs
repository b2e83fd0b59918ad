using System.Text;
using NUnit.Framework;
using Proxy.Tests.Support;
using Proxy.Tests.Support.MySql;

namespace Proxy.Tests.Live.BadInput;

/// <summary>The program in front of a MariaDB that asks for a file of the client's, whatever it was asked itself.</summary>
public sealed class MySqlHostileServerTests
{
    private const string Trap = "select 'an innocent query'";

    [TestCase(MySqlWireClient.PlainCapabilities)]
    [TestCase(MySqlWireClient.PlainCapabilities | 0x80u, Description = "a client that would send one")]
    public async Task A_server_that_asks_for_a_file_gets_none_and_the_session_ends(uint capabilities)
    {
        var server = await LoggedMariaDb.Instance;
        var database = await server.CreateDatabaseAsync("hostile");
        await using var relay = new AnsweringRelay(server.Port, Encoding.UTF8.GetBytes(Trap), (byte[])[0xFB, .. "/etc/passwd"u8]);
        await using var gateway = await PhiGateProcess.StartAsync(new PhiGateOptions { MariaDb = server, Database = database, RelayPort = relay.Port });
        await using var client = await MySqlWireClient.OpenAsync(gateway.Endpoint(), capabilities);
        Assert.That((await client.QueryAsync("select 1"))[^1].IsError, Is.False);

        await client.SendPacketAsync(0, [3, .. Encoding.UTF8.GetBytes(Trap)]);
        var reply = await client.ReceiveAsync();

        HostileMySqlClient.IsError(reply, 1, 1429, "HY000", "phigate code=server-unavailable retry=yes");
        Assert.That(reply!.Message, Does.Not.Contain("passwd"));
        Assert.That(await client.ReceiveAsync(), Is.Null);
        await using var next = await MySqlWireClient.OpenAsync(gateway.Endpoint());
        Assert.That((await next.CommandAsync([14]))[0].IsOk, Is.True);
    }
}
