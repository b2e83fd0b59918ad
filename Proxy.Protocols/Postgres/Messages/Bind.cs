using Proxy.Protocols.Buffers;

namespace Proxy.Protocols.Postgres.Messages;

/// <summary>Bind: makes a portal of a prepared statement and parameters.</summary>
public readonly ref struct Bind
{
    public ReadOnlySpan<byte> Portal { get; private init; }
    public ReadOnlySpan<byte> Statement { get; private init; }

    /// <summary>Parameter formats and values exactly as sent: what the record keeps.</summary>
    public ReadOnlySpan<byte> Parameters { get; private init; }

    public int ParameterCount { get; private init; }

    /// <summary>Result format codes, 2 bytes each; empty means text for all, one means the same for all.</summary>
    public ReadOnlySpan<byte> ResultFormats { get; private init; }

    public static bool TryDecode(ReadOnlySpan<byte> body, out Bind message)
    {
        var reader = new WireReader(body);
        var portal = reader.ReadCString();
        var statement = reader.ReadCString();
        var start = reader.Position;
        var formatCount = reader.ReadInt16();
        reader.ReadBytes((ushort)formatCount * sizeof(short));
        var count = (ushort)reader.ReadInt16();
        for (var i = 0; i < count && !reader.Failed; i++)
        {
            var length = reader.ReadInt32();
            if (length >= 0) reader.ReadBytes(length);
            else if (length != -1) reader.ReadBytes(-1); // Only -1 means NULL; anything else fails the decoder.
        }

        var end = reader.Position;
        var resultFormatCount = (ushort)reader.ReadInt16();
        message = new Bind
        {
            Portal = portal,
            Statement = statement,
            Parameters = reader.Failed ? default : body[start..end],
            ParameterCount = count,
            ResultFormats = reader.ReadBytes(resultFormatCount * sizeof(short)),
        };
        return reader.IsAtEnd;
    }
}
