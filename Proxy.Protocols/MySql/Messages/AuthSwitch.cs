using System.Text;

namespace Proxy.Protocols.MySql.Messages;

/// <summary>
/// AuthSwitchRequest: the other side is to prove itself by this plugin, with this scramble
/// (https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase_packets_protocol_auth_switch_request.html).
/// </summary>
internal static class AuthSwitch
{
    public static byte[] Encode(byte sequence, string plugin, ReadOnlySpan<byte> scramble) =>
        new PacketWriter().Begin(sequence).Byte(ReplyCode.Eof).Terminated(plugin).Terminated(scramble).End().ToArray();

    public static bool TryDecode(ReadOnlySpan<byte> payload, out string plugin, out byte[] scramble)
    {
        var reader = new PayloadReader(payload);
        var isSwitch = reader.Byte() is ReplyCode.Eof;
        plugin = Encoding.ASCII.GetString(reader.Terminated());
        scramble = reader.Rest is [.. var data, 0] ? data.ToArray() : reader.Rest.ToArray();
        return isSwitch && !reader.Failed;
    }
}
