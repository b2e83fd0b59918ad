using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using Proxy.Protocols.Buffers;

namespace Proxy.Protocols.Postgres.Messages;

/// <summary>StartupMessage: protocol version and parameters. Holds no secret.</summary>
public sealed record StartupMessage(int MinorVersion, ImmutableArray<KeyValuePair<string, string>> Parameters)
{
    /// <summary>A parameter's value, or null. The last one counts when it is repeated, as it does for the server.</summary>
    public string? this[string name]
    {
        get
        {
            for (var i = Parameters.Length - 1; i >= 0; i--)
                if (Parameters[i].Key == name)
                    return Parameters[i].Value;
            return null;
        }
    }

    /// <param name="packet">The packet behind its length: version, then names and values, then a zero byte.</param>
    /// <param name="message">The message.</param>
    public static bool TryDecode(ReadOnlySpan<byte> packet, out StartupMessage message)
    {
        var version = BinaryPrimitives.ReadInt32BigEndian(packet);
        var reader = new WireReader(packet[sizeof(int)..]);
        var parameters = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        while (true)
        {
            var name = reader.ReadCString();
            if (name.IsEmpty) break;
            parameters.Add(new KeyValuePair<string, string>(Encoding.UTF8.GetString(name), Encoding.UTF8.GetString(reader.ReadCString())));
        }

        message = new StartupMessage(version & 0xffff, parameters.ToImmutable());
        return reader.IsAtEnd;
    }

    /// <summary>The packet that asks for protocol 3.0 with these parameters.</summary>
    public static byte[] Encode(IEnumerable<KeyValuePair<string, string>> parameters)
    {
        var writer = new MessageWriter().BeginUntyped().Int32(ProtocolCode.Version30);
        foreach (var (name, value) in parameters)
            writer.CString(name).CString(value);
        return writer.Byte(0).End().ToArray();
    }
}
