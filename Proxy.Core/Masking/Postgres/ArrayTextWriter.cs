namespace Proxy.Core.Masking.Postgres;

/// <summary>Appends to a span until it is full, and remembers that it was.</summary>
internal ref struct ArrayTextWriter(Span<byte> destination)
{
    private readonly Span<byte> _destination = destination;

    public int Length { get; private set; }

    public bool HasOverflowed { get; private set; }

    public void WriteByte(byte value) => Write([value]);

    public void Write(scoped ReadOnlySpan<byte> bytes)
    {
        if (HasOverflowed || !bytes.TryCopyTo(_destination[Length..]))
        {
            HasOverflowed = true;
            return;
        }
        Length += bytes.Length;
    }

    public void WriteQuoted(scoped ReadOnlySpan<byte> element)
    {
        WriteByte((byte)'"');
        while (!element.IsEmpty)
        {
            var plain = element.IndexOfAny((byte)'"', (byte)'\\');
            if (plain < 0)
                plain = element.Length;
            Write(element[..plain]);
            element = element[plain..];
            if (element.IsEmpty)
                break;
            WriteByte((byte)'\\');
            WriteByte(element[0]);
            element = element[1..];
        }
        WriteByte((byte)'"');
    }
}
