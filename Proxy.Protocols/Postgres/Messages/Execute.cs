using Proxy.Protocols.Buffers;

namespace Proxy.Protocols.Postgres.Messages;

/// <summary>Execute: runs a portal, up to a number of rows (0 means all).</summary>
public readonly ref struct Execute
{
    public ReadOnlySpan<byte> Portal { get; private init; }
    public int RowsMax { get; private init; }

    public static bool TryDecode(ReadOnlySpan<byte> body, out Execute message)
    {
        var reader = new WireReader(body);
        message = new Execute { Portal = reader.ReadCString(), RowsMax = reader.ReadInt32() };
        return reader.IsAtEnd;
    }
}
