using System.Text;
using Proxy.Protocols.MySql;
using Proxy.Protocols.MySql.Messages;

namespace Proxy.Tests.Support.MySql;

/// <summary>What a MySQL server sends while a session begins, for a <see cref="ScriptedServer"/>.</summary>
internal static class MySqlScript
{
    /// <summary>SSLRequest, its header included.</summary>
    public const int TlsRequestBytes = 36;

    public static byte[] Ok { get; } = [0, 0, 0, 2, 0, 0, 0];

    public static byte[] AccessDenied { get; } = [0xFF, 0x15, 0x04, .. "#28000Access denied"u8];

    public static byte[] Greeting(bool offersTls) => new Greeting
    {
        Version = "10.11.6-MariaDB",
        ThreadId = 7,
        Scramble = [.. Enumerable.Repeat((byte)'s', Proxy.Protocols.MySql.Messages.Greeting.ScrambleLength)],
        Capabilities = (MySqlStartup.Understood & ~(Capabilities.DeprecateEof | Capabilities.SessionTrack)) | (offersTls ? Capabilities.Tls : Capabilities.None),
        Collation = 45,
        Status = ServerStatus.AutoCommit,
        Plugin = "mysql_native_password",
    }.Encode();

    /// <summary>The client's next packet.</summary>
    public static async Task<MySqlPacket> ReadAsync(ScriptedSession session)
    {
        var header = await session.ReadBytesAsync(4);
        return new MySqlPacket(header[3], await session.ReadBytesAsync(header[0] | (header[1] << 8) | (header[2] << 16)));
    }

    /// <summary>Answers the gateway's question by what texts are read, and the statement that sets it.</summary>
    public static async Task BeginAsync(ScriptedSession session)
    {
        await ReadAsync(session);
        var answer = new PacketWriter().Begin(1).Byte(4).End();
        for (byte column = 0; column < 4; column++) answer.Begin((byte)(2 + column)).Byte(0).End();
        answer.Begin(6).Byte(0xFE).UInt16(0).UInt16(2).End().Begin(7);
        foreach (var value in (ReadOnlySpan<string>)["", "utf8mb4", "utf8mb4_general_ci", "0"]) answer.Text(Encoding.ASCII.GetBytes(value));
        await session.SendAsync(answer.End().Begin(8).Byte(0xFE).UInt16(0).UInt16(2).End().ToArray());
        await ReadAsync(session);
        await session.SendAsync(MySqlWireClient.Packet(1, Ok));
    }
}
