using System.Text;
using Proxy.Protocols.Secrets;

namespace Proxy.Protocols.MySql.Messages;

/// <summary>
/// The client's first packet, HandshakeResponse41, or only its first 32 bytes where it asks for TLS
/// (https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase_packets_protocol_handshake_response.html).
/// </summary>
internal sealed record HandshakeResponse
{
    /// <summary>An SSLRequest is the packet up to the user name.</summary>
    public const int TlsRequestLength = 32;

    private const int FillerLength = 23;

    public required Capabilities Capabilities { get; init; }
    public uint PacketBytesMax { get; init; } = 1 << 30;
    public required byte Collation { get; init; }
    public string User { get; init; } = "";
    public string? Database { get; init; }
    public string? Plugin { get; init; }

    /// <summary>The first answer to the greeting's scramble. Never looked at from a client: a switch of plugin follows in any case.</summary>
    public byte[] Authentication { get; init; } = [];

    /// <summary>What the client says of itself (program_name and the like). Self-declared.</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = new Dictionary<string, string>();

    public bool IsTlsRequest { get; private init; }

    public static bool TryDecode(ReadOnlySpan<byte> payload, out HandshakeResponse? response)
    {
        response = null;
        var reader = new PayloadReader(payload);
        var capabilities = (Capabilities)reader.UInt32();
        var max = reader.UInt32();
        var collation = reader.Byte();
        reader.Bytes(FillerLength);
        if (reader.Failed || !capabilities.HasFlag(Capabilities.Protocol41)) return false;
        if (reader.IsAtEnd && capabilities.HasFlag(Capabilities.Tls))
        {
            response = new HandshakeResponse { Capabilities = capabilities, PacketBytesMax = max, Collation = collation, IsTlsRequest = true };
            return true;
        }

        var user = reader.Terminated();
        var authentication = capabilities.HasFlag(Capabilities.LongAuthenticationData) ? reader.Text()
            : capabilities.HasFlag(Capabilities.SecureConnection) ? reader.Bytes(reader.Byte())
            : reader.Terminated();
        // Some clients leave out what is empty at the end, whatever the flags say.
        var database = capabilities.HasFlag(Capabilities.ConnectWithDatabase) && !reader.Rest.IsEmpty ? reader.Terminated() : default;
        var plugin = capabilities.HasFlag(Capabilities.PluginAuth) && !reader.Rest.IsEmpty ? reader.Terminated() : default;
        Dictionary<string, string> attributes = [];
        if (capabilities.HasFlag(Capabilities.ConnectAttributes) && !reader.Rest.IsEmpty && !TryReadAttributes(reader.Text(), attributes)) return false;
        if (reader.Failed) return false;
        response = new HandshakeResponse
        {
            Capabilities = capabilities,
            PacketBytesMax = max,
            Collation = collation,
            User = Encoding.UTF8.GetString(user),
            Database = database.IsEmpty ? null : Encoding.UTF8.GetString(database),
            Plugin = Encoding.ASCII.GetString(plugin),
            Authentication = SecretBytes.CopyOf(authentication),
            Attributes = attributes,
        };
        return true;
    }

    public byte[] EncodeTlsRequest(byte sequence) => Begin(sequence).End().ToArray();

    public byte[] Encode(byte sequence)
    {
        var writer = Begin(sequence).Terminated(User);
        if (Capabilities.HasFlag(Capabilities.LongAuthenticationData)) writer.Text(Authentication);
        else writer.Byte((byte)Authentication.Length).Bytes(Authentication);
        if (Capabilities.HasFlag(Capabilities.ConnectWithDatabase)) writer.Terminated(Database ?? "");
        if (Capabilities.HasFlag(Capabilities.PluginAuth)) writer.Terminated(Plugin ?? "");
        if (Capabilities.HasFlag(Capabilities.ConnectAttributes)) WriteAttributes(writer);
        return writer.End().ToArray();
    }

    private void WriteAttributes(PacketWriter writer)
    {
        var pairs = Attributes.Select(static pair => (Name: Encoding.UTF8.GetBytes(pair.Key), Value: Encoding.UTF8.GetBytes(pair.Value))).ToList();
        writer.Integer(pairs.Sum(static pair => LengthEncoded.SizeOf((long)pair.Name.Length) + pair.Name.Length + LengthEncoded.SizeOf((long)pair.Value.Length) + pair.Value.Length));
        foreach (var (name, value) in pairs) writer.Text(name).Text(value);
    }

    private PacketWriter Begin(byte sequence) => new PacketWriter().Begin(sequence)
        .UInt32((uint)Capabilities).UInt32(PacketBytesMax).Byte(Collation).Bytes(stackalloc byte[FillerLength]);

    internal static bool TryReadAttributes(ReadOnlySpan<byte> pairs, Dictionary<string, string> attributes)
    {
        var reader = new PayloadReader(pairs);
        while (!reader.Failed && !reader.IsAtEnd)
        {
            var name = reader.Text();
            attributes[Encoding.UTF8.GetString(name)] = Encoding.UTF8.GetString(reader.Text());
        }

        return reader.IsAtEnd;
    }

    /// <summary>Neither user nor answer.</summary>
    public override string ToString() => IsTlsRequest ? "TLS request" : "handshake response";
}
