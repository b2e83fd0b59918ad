using System.Buffers.Binary;
using System.Collections.Immutable;
using Proxy.Protocols.Buffers;

namespace Proxy.Protocols.Postgres.Messages;

/// <summary>Parse: defines a prepared statement.</summary>
public readonly ref struct Parse
{
    /// <summary>The first OID that is given to what people create (FirstNormalObjectId).</summary>
    private const uint FirstOfUsers = 16384;

    public ReadOnlySpan<byte> Name { get; private init; }
    public ReadOnlySpan<byte> Text { get; private init; }

    /// <summary>OIDs of parameter types that the client fixes, 4 bytes each.</summary>
    public ReadOnlySpan<byte> TypeOids { get; private init; }

    /// <summary>Those of <see cref="TypeOids"/> that people made; nearly always none.</summary>
    public ImmutableArray<uint> TypesOfUsers()
    {
        var types = ImmutableArray<uint>.Empty;
        for (var rest = TypeOids; !rest.IsEmpty; rest = rest[sizeof(uint)..])
            if (BinaryPrimitives.ReadUInt32BigEndian(rest) is >= FirstOfUsers and var type)
                types = types.Add(type);
        return types;
    }

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
