using System.Buffers.Binary;

namespace Proxy.Core.Masking.Postgres;

/// <summary>Appends to a span until it is full, and remembers that it was.</summary>
internal ref struct BoundedWriter(Span<byte> destination)
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

    public void WriteInt32(int value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        Write(bytes);
    }

    /// <summary>Gives up, for what would not fit into anything of the destination's size.</summary>
    public void Overflow() => HasOverflowed = true;

    /// <param name="element">In quotes, with quotes and backslashes escaped by a backslash.</param>
    /// <param name="doubled">Escaped by doubling them instead, as in a composite.</param>
    public void WriteQuoted(scoped ReadOnlySpan<byte> element, bool doubled = false)
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
            WriteByte(doubled ? element[0] : (byte)'\\');
            WriteByte(element[0]);
            element = element[1..];
        }
        WriteByte((byte)'"');
    }
}
