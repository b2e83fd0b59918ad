using System.Text;

namespace Proxy.Protocols.MySql.Messages;

/// <summary>
/// The server's first packet (https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase_packets_protocol_handshake_v10.html).
/// Ours repeats what the target said of itself, with a thread id and a scramble of our own.
/// </summary>
internal sealed record Greeting
{
    /// <summary>SCRAMBLE_LENGTH of the server's mysql_com.h.</summary>
    public const int ScrambleLength = 20;

    private const byte ProtocolVersion = 10;
    private const int FirstPart = 8;
    private const int VersionBytesMax = 256;
    private const int FillerLength = 10;

    public required string Version { get; init; }
    public required uint ThreadId { get; init; }
    public required byte[] Scramble { get; init; }
    public required Capabilities Capabilities { get; init; }
    public required byte Collation { get; init; }
    public required ServerStatus Status { get; init; }
    public required string Plugin { get; init; }

    /// <exception cref="ProtocolViolationException">It is none, or one from before MySQL 4.1.</exception>
    public static Greeting Decode(ReadOnlySpan<byte> payload)
    {
        var reader = new PayloadReader(payload);
        if (reader.Byte() is not ProtocolVersion) throw new ProtocolViolationException("the server's greeting is not of protocol version 10");
        var version = reader.Terminated();
        var thread = reader.UInt32();
        var first = reader.Bytes(FirstPart);
        reader.Byte();
        uint capabilities = reader.UInt16();
        var collation = reader.Byte();
        var status = reader.UInt16();
        capabilities |= (uint)reader.UInt16() << 16;
        var length = reader.Byte();
        reader.Bytes(FillerLength);
        var second = reader.Bytes(Math.Max(13, length - FirstPart));
        var plugin = ((Capabilities)capabilities).HasFlag(Capabilities.PluginAuth) ? reader.Rest : default;
        if (reader.Failed || version.Length > VersionBytesMax) throw new ProtocolViolationException("malformed greeting");
        byte[] scramble = [.. first, .. second[..(ScrambleLength - FirstPart)]];
        return new Greeting
        {
            Version = Encoding.Latin1.GetString(version),
            ThreadId = thread,
            Scramble = scramble,
            Capabilities = (Capabilities)capabilities,
            Collation = collation,
            Status = (ServerStatus)status,
            Plugin = Encoding.ASCII.GetString(plugin.TrimEnd((byte)0)),
        };
    }

    public byte[] Encode() => new PacketWriter().Begin(0)
        .Byte(ProtocolVersion)
        .Terminated(Encoding.Latin1.GetBytes(Version))
        .UInt32(ThreadId)
        .Terminated(Scramble.AsSpan(0, FirstPart))
        .UInt16((int)((uint)Capabilities & 0xFFFF))
        .Byte(Collation)
        .UInt16((int)Status)
        .UInt16((int)((uint)Capabilities >> 16))
        .Byte(ScrambleLength + 1)
        .Bytes(stackalloc byte[FillerLength])
        .Terminated(Scramble.AsSpan(FirstPart))
        .Terminated(Plugin)
        .End().ToArray();
}
