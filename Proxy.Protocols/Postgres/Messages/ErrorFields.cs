
namespace Proxy.Protocols.Postgres.Messages;

/// <summary>The fields of ErrorResponse and NoticeResponse (https://www.postgresql.org/docs/current/protocol-error-fields.html).</summary>
public readonly ref struct ErrorFields(ReadOnlySpan<byte> body)
{
    private readonly ReadOnlySpan<byte> body = body;

    public const byte Severity = (byte)'V';
    public const byte LocalizedSeverity = (byte)'S';
    public const byte SqlState = (byte)'C';
    public const byte Message = (byte)'M';
    public const byte Detail = (byte)'D';
    public const byte Hint = (byte)'H';
    public const byte Position = (byte)'P';

    /// <summary>Walks the fields: true with a field, false at the end. Start with <paramref name="position"/> 0; it becomes -1 when the body is malformed.</summary>
    public bool TryNext(scoped ref int position, scoped out byte field, out ReadOnlySpan<byte> value)
    {
        field = 0;
        value = default;
        if (position < 0 || position >= body.Length)
        {
            position = -1;
            return false;
        }

        field = body[position];
        if (field == 0)
        {
            if (position != body.Length - 1) position = -1;
            return false;
        }

        var end = body[(position + 1)..].IndexOf((byte)0);
        if (end < 0)
        {
            position = -1;
            return false;
        }

        value = body.Slice(position + 1, end);
        position += end + 2;
        return true;
    }

    /// <summary>The value of a field, or empty.</summary>
    public ReadOnlySpan<byte> this[byte wanted]
    {
        get
        {
            var position = 0;
            while (TryNext(ref position, out var field, out var value))
                if (field == wanted)
                    return value;
            return default;
        }
    }
}
