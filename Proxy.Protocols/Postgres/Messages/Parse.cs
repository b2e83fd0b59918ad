using Proxy.Protocols.Buffers;

namespace Proxy.Protocols.Postgres.Messages;

/// <summary>Parse: defines a prepared statement.</summary>
public readonly ref struct Parse
{
    public ReadOnlySpan<byte> Name { get; private init; }
    public ReadOnlySpan<byte> Text { get; private init; }

    /// <summary>OIDs of parameter types that the client fixes, 4 bytes each.</summary>
    public ReadOnlySpan<byte> TypeOids { get; private init; }

    public static bool TryDecode(ReadOnlySpan<byte> body, out Parse message)
    {
        var reader = new WireReader(body);
        message = new Parse
        {
            Name = reader.ReadCString(),
            Text = reader.ReadCString(),
            TypeOids = reader.ReadBytes(reader.ReadInt16() * sizeof(int)),
        };
        return reader.IsAtEnd;
    }
}
