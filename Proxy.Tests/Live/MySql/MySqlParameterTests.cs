using System.Text;
using NUnit.Framework;
using Proxy.Core.Masking.MySql;
using Proxy.Tests.Support;
using Proxy.Tests.Support.MySql;

namespace Proxy.Tests.Live.MySql;

/// <summary>
/// A parameter takes as many bytes at the server as we take for it, whatever type the client gives it: otherwise those behind it would be others than were
/// recorded and judged. What the server takes otherwise is refused.
/// </summary>
public sealed class MySqlParameterTests
{
    private MariaDbServer _server = null!;
    private string _database = "";
    private MySqlGatewayHarness _gateway = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _server = await SharedServers.MariaDbAsync();
        _database = await _server.CreateDatabaseAsync("parameters");
        _gateway = await MySqlGatewayHarness.StartAsync(_server, _database);
    }

    [OneTimeTearDown]
    public async Task End() => await _gateway.DisposeAsync();

    [Test]
    public async Task A_parameter_of_any_type_ends_where_the_server_ends_it([Values(0, 0x80)] byte flags)
    {
        await using var direct = await MySqlWireClient.OpenAsync(_server.Endpoint(_database, MariaDbUser.Native));
        await using var through = await MySqlWireClient.OpenAsync(_gateway.Endpoint);
        var forwarded = 0;
        var different = new List<string>();
        for (var type = 0; type <= byte.MaxValue; type++)
            foreach (var value in (byte[][])[Usual((MySqlFieldType)type), [], [1, 2], [4, .. "12.5"u8]])
            {
                byte[] rest = [0, 1, 0, 0, 0, 0, 1, (byte)type, flags, 253, 0, .. value, 6, .. "marker"u8];
                var taken = await AskAsync(through, rest);
                if (taken.IsError && taken.ErrorNumber == 1210) continue;
                forwarded++;
                // It went on to the server, which has to have seen the marker.
                var asked = await AskAsync(direct, rest);
                if (!Encoding.Latin1.GetString(taken.Payload).EndsWith("\u0006marker", StringComparison.Ordinal) || taken != asked)
                    different.Add($"type {type}, value {Convert.ToHexString(value)}: {taken}, directly {asked}");
            }

        Assert.That(different, Is.Empty, string.Join('\n', different));
        Assert.That(forwarded, Is.GreaterThan(20));
    }

    /// <summary>The row, or the error.</summary>
    private static async Task<MySqlPacket> AskAsync(MySqlWireClient client, byte[] rest)
    {
        var id = (await client.CommandAsync([22, .. "select ?, ?"u8]))[0].Payload[1..5];
        var reply = await client.CommandAsync([23, .. id, .. rest]);
        await client.SendPacketAsync(0, [25, .. id]);
        return reply[^1].IsError ? reply[^1] : reply[^2];
    }

    private static byte[] Usual(MySqlFieldType type) => type switch
    {
        MySqlFieldType.Null => [],
        MySqlFieldType.Tiny => [1],
        MySqlFieldType.Short or MySqlFieldType.Year => [1, 2],
        MySqlFieldType.Long or MySqlFieldType.Int24 or MySqlFieldType.Float => [1, 2, 3, 4],
        MySqlFieldType.LongLong or MySqlFieldType.Double => [1, 2, 3, 4, 5, 6, 7, 8],
        MySqlFieldType.Date or MySqlFieldType.DateTime or MySqlFieldType.Timestamp => [4, 0xE7, 7, 2, 28],
        MySqlFieldType.Time => [8, 0, 0, 0, 0, 0, 1, 2, 3],
        _ => [4, .. "12.5"u8],
    };
}
