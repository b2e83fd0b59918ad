using System.Text;
using Proxy.Protocols;
using Proxy.Protocols.MySql;
using Proxy.Protocols.MySql.Messages;

namespace Proxy.Tests.Protocols.MySql;

/// <summary>A server's side of a login, played by a test.</summary>
internal sealed class ScriptedLogin(IConnection connection, bool expectsTls)
{
    private readonly MySqlPacketReader _packets = new(connection.Input, 0);

    public Task GreetAsync(string plugin, byte[] scramble, Capabilities capabilities) => WriteAsync(new Greeting
    {
        Version = "8.4.0",
        ThreadId = 7,
        Scramble = scramble,
        Capabilities = capabilities,
        Collation = 255,
        Status = ServerStatus.AutoCommit,
        Plugin = plugin,
    }.Encode(), packets: 1);

    /// <summary>The client's answer to the greeting, behind its request for TLS.</summary>
    public async Task<HandshakeResponse> ReadResponseAsync()
    {
        if (expectsTls)
        {
            await _packets.ReadAsync(1 << 20, CancellationToken.None);
            await connection.UpgradeAsServerBehindRequestAsync(CancellationToken.None);
        }

        HandshakeResponse.TryDecode(await _packets.ReadAsync(1 << 20, CancellationToken.None), out var response);
        return response!;
    }

    public async Task<byte[]?> ReadAsync() => await _packets.ReadAsync(1 << 20, CancellationToken.None);

    public Task SendAsync(byte[] payload) => WriteAsync(new PacketWriter().Begin(_packets.Sequence).Bytes(payload).End().ToArray(), packets: 1);

    /// <summary>Answers the questions that begin a session.</summary>
    public async Task BeginAsync(byte[] ok)
    {
        _packets.Sequence = 0;
        await ReadAsync();
        var writer = new PacketWriter().Begin(1).Byte(4).End();
        for (byte column = 0; column < 4; column++) writer.Begin((byte)(2 + column)).Byte(0).End();
        writer.Begin(6).Byte(0xFE).UInt16(0).UInt16(2).End().Begin(7);
        foreach (var value in (ReadOnlySpan<string>)["ANSI_QUOTES", "utf8mb4", "utf8mb4_general_ci", "0"]) writer.Text(Encoding.ASCII.GetBytes(value));
        await WriteAsync(writer.End().Begin(8).Byte(0xFE).UInt16(0).UInt16(2).End().ToArray(), packets: 8);
        _packets.Sequence = 0;
        await ReadAsync();
        await SendAsync(ok);
    }

    private async Task WriteAsync(byte[] bytes, int packets)
    {
        await connection.Output.WriteAsync(bytes);
        _packets.Sequence += (byte)packets;
    }
}
