using System.Text;

namespace Proxy.Tests.Support.MySql;

/// <summary>What a real server answers to commands, byte for byte: to be replayed to a dialect in pieces, or changed.</summary>
internal static class RecordedExchanges
{
    /// <summary>In every row of every table: what no client may see that is shown masks.</summary>
    public const string Canary = "canary-912-57-3461";

    private static readonly string[] Texts =
    [
        "select * from r", "select id, vc from r where id = 1", "select concat(vc, '!') from r", "select 1 from r where 1 = 0", "insert into r (vc) values ('new')", "update r set vc = vc",
        "call twice()", "selekt", "insert into r (id) values (1)", "set @a = 1",
    ];

    public static async Task<IReadOnlyList<(byte[] Request, byte[] Reply)>> RecordAsync(MariaDbServer server, uint capabilities)
    {
        var database = await server.CreateDatabaseAsync("recorded");
        foreach (var text in (string[])[
            "create table r (id int auto_increment primary key, n int, vc varchar(100), b blob, d datetime(6), f double)",
            $"insert into r values (1, null, '{Canary}', x'{Convert.ToHexString(Encoding.ASCII.GetBytes(Canary))}', '2024-02-29 01:02:03.4', 1.5), (2, 7, '{Canary}', null, null, null), (3, 0, '', '', '0001-01-01', 0)",
            "create procedure twice() begin select vc from r; select b, d from r; end"])
            await server.ExecuteAsync(database, text);
        await using var client = await MySqlWireClient.OpenAsync(server.Endpoint(database, MariaDbUser.Native), capabilities);
        var exchanges = new List<(byte[], byte[])>();
        foreach (var text in Texts)
            await AddAsync([3, .. Encoding.UTF8.GetBytes(text)]);
        await AddAsync([14]);
        var prepared = await AddAsync([22, .. "select id, n, vc, b, d, f, ? from r"u8]);
        var id = prepared[0].Payload[1..5];
        byte[] execution = [0, 1, 0, 0, 0, 0, 1, 253, 0, 2, (byte)'h', (byte)'i'];
        await AddAsync([23, .. id, .. execution]);
        await AddAsync([23, .. id, 1, .. execution[1..]]);
        await AddAsync([28, .. id, 2, 0, 0, 0]);
        await AddAsync([28, .. id, 9, 0, 0, 0]);
        await AddAsync([26, .. id]);
        return exchanges;

        async Task<IReadOnlyList<MySqlPacket>> AddAsync(byte[] command)
        {
            var reply = await client.CommandAsync(command, capabilities);
            exchanges.Add((MySqlWireClient.Packet(0, command), [.. reply.SelectMany(static packet => MySqlWireClient.Packet(packet.Sequence, packet.Payload))]));
            return reply;
        }
    }
}
