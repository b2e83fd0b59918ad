using Proxy.Protocols.Buffers;

namespace Proxy.Protocols.Postgres.Messages;

/// <summary>Query: text of any number of statements, run at once.</summary>
public readonly ref struct Query
{
    public ReadOnlySpan<byte> Text { get; private init; }

    public static bool TryDecode(ReadOnlySpan<byte> body, out Query message)
    {
        var reader = new WireReader(body);
        message = new Query { Text = reader.ReadCString() };
        return reader.IsAtEnd;
    }
}
