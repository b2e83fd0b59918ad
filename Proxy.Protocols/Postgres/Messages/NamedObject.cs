using Proxy.Protocols.Buffers;

namespace Proxy.Protocols.Postgres.Messages;

/// <summary>The body of Describe and of Close: 'S' for a prepared statement or 'P' for a portal, then its name.</summary>
public readonly ref struct NamedObject
{
    public bool IsPortal { get; private init; }
    public ReadOnlySpan<byte> Name { get; private init; }

    public static bool TryDecode(ReadOnlySpan<byte> body, out NamedObject message)
    {
        var reader = new WireReader(body);
        var kind = reader.ReadByte();
        message = new NamedObject { IsPortal = kind == (byte)'P', Name = reader.ReadCString() };
        return reader.IsAtEnd && kind is (byte)'P' or (byte)'S';
    }
}
