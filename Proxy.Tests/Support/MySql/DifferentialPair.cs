using NUnit.Framework;
using Proxy.Core.Sql;

namespace Proxy.Tests.Support.MySql;

/// <summary>Two databases with the same content: one behind the server itself, one behind PhiGate. Every command goes to both.</summary>
internal sealed class DifferentialPair : IAsyncDisposable
{
    private readonly MySqlGatewayHarness _gateway;
    private readonly MySqlWireClient _direct;
    private readonly MySqlWireClient _through;
    private readonly uint _capabilities;

    private DifferentialPair(MySqlGatewayHarness gateway, string database, MySqlWireClient direct, MySqlWireClient through, uint capabilities)
    {
        _gateway = gateway;
        Database = database;
        _direct = direct;
        _through = through;
        _capabilities = capabilities;
    }

    /// <summary>The name that both have, on servers of their own.</summary>
    public string Database { get; }

    public int Exchanges { get; private set; }

    /// <param name="server">Behind PhiGate.</param>
    /// <param name="setup">Run on both sides.</param>
    /// <param name="capabilities">Of both clients.</param>
    /// <param name="frontEnd">Reads texts; one that takes each for one statement where none is given.</param>
    public static async Task<DifferentialPair> OpenAsync(MariaDbServer server, IEnumerable<string> setup, uint capabilities, ISqlFrontEnd? frontEnd = null)
    {
        // The same name and the same numbers on both sides need a server each.
        var second = await SharedServers.SecondMariaDbAsync();
        var database = await server.CreateDatabaseAsync("differential");
        await second.ExecuteAsync("mysql", $"create or replace database {database} character set utf8mb4");
        await second.ExecuteAsync("mysql", $"grant all on {database}.* to {MariaDbUser.Native.Name}@'%'");
        foreach (var text in setup)
        {
            await server.ExecuteAsync(database, text);
            await second.ExecuteAsync(database, text);
        }

        var gateway = await MySqlGatewayHarness.StartAsync(server.Port, database, frontEnd ?? new LenientFrontEnd(), new LenientJudge(masks: false));
        return new DifferentialPair(
            gateway, database, await MySqlWireClient.OpenAsync(second.Endpoint(database, MariaDbUser.Native), capabilities),
            await MySqlWireClient.OpenAsync(gateway.Endpoint, capabilities), capabilities);
    }

    public async Task CompareAsync(byte[] command, string what)
    {
        var direct = await _direct.CommandAsync(command, _capabilities);
        var through = await _through.CommandAsync(command, _capabilities);
        Compare(through, direct, what);
    }

    /// <summary>The numbers of the statement on both sides, or null when it cannot be prepared.</summary>
    public async Task<(uint Direct, uint Through)?> PrepareAsync(string text)
    {
        byte[] command = [22, .. System.Text.Encoding.UTF8.GetBytes(text)];
        var direct = await _direct.CommandAsync(command, _capabilities);
        var through = await _through.CommandAsync(command, _capabilities);
        if (!direct[0].IsOk)
        {
            Compare(through, direct, text);
            return null;
        }

        Compare([.. through.Select(WithoutId)], [.. direct.Select(WithoutId)], text);
        return (BitConverter.ToUInt32(direct[0].Payload, 1), BitConverter.ToUInt32(through[0].Payload, 1));

        MySqlPacket WithoutId(MySqlPacket packet, int index) => index > 0 ? packet : packet with { Payload = [packet.Payload[0], .. packet.Payload[5..]] };
    }

    public async Task CompareStatementAsync(byte command, (uint Direct, uint Through) ids, byte[] rest, string what)
    {
        await SendStatementAsync(command, ids, rest);
        var deprecatesEof = (_capabilities & MySqlWireClient.DeprecateEof) != 0;
        var direct = await _direct.ReplyAsync(command, deprecatesEof);
        var through = await _through.ReplyAsync(command, deprecatesEof);
        // Errors name the number.
        if (direct[0].IsError && ids.Direct != ids.Through) Assert.That(through[0].ErrorNumber, Is.EqualTo(direct[0].ErrorNumber), what);
        else Compare(through, direct, what);
    }

    public async Task SendStatementAsync(byte command, (uint Direct, uint Through) ids, byte[] rest)
    {
        await _direct.SendPacketAsync(0, [command, .. BitConverter.GetBytes(ids.Direct), .. rest]);
        await _through.SendPacketAsync(0, [command, .. BitConverter.GetBytes(ids.Through), .. rest]);
    }

    public Task CloseAsync((uint Direct, uint Through) ids) => SendStatementAsync(25, ids, []);

    public async ValueTask DisposeAsync()
    {
        await _direct.DisposeAsync();
        await _through.DisposeAsync();
        await _gateway.DisposeAsync();
    }

    private void Compare(IReadOnlyList<MySqlPacket> through, IReadOnlyList<MySqlPacket> direct, string what)
    {
        Exchanges++;
        (through, direct) = ([.. through.Select(static packet => packet.WithSortedState())], [.. direct.Select(static packet => packet.WithSortedState())]);
        Assert.That(through.Select(static packet => packet.ToString()), Is.EqualTo(direct.Select(static packet => packet.ToString())), what);
        Assert.That(through, Is.EqualTo(direct), what);
    }
}
