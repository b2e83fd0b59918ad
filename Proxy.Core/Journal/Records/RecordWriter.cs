using System.Buffers.Binary;
using System.Text;

namespace Proxy.Core.Journal.Records;

/// <summary>Writes the fields of a record's body, little endian; texts and byte strings have a 4-byte length in front. The Measure methods say how long.</summary>
internal ref struct RecordWriter(Span<byte> destination)
{
    public const int GuidBytes = 16;

    private Span<byte> _rest = destination;

    public static int Measure(scoped ReadOnlySpan<char> text) => sizeof(int) + Encoding.UTF8.GetByteCount(text);

    public static int Measure(scoped ReadOnlySpan<byte> bytes) => sizeof(int) + bytes.Length;

    public static int Measure(scoped ReadOnlySpan<string> texts)
    {
        int sum = sizeof(int);
        foreach (string text in texts)
            sum += Measure(text.AsSpan());
        return sum;
    }

    public void Byte(byte value)
    {
        _rest[0] = value;
        _rest = _rest[1..];
    }

    public void Int32(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_rest, value);
        _rest = _rest[sizeof(int)..];
    }

    public void Int64(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_rest, value);
        _rest = _rest[sizeof(long)..];
    }

    /// <summary>In the byte order of RFC 9562, as it is printed.</summary>
    public void Guid(Guid value)
    {
        value.TryWriteBytes(_rest, bigEndian: true, out _);
        _rest = _rest[GuidBytes..];
    }

    public void Text(scoped ReadOnlySpan<char> text)
    {
        int length = Encoding.UTF8.GetBytes(text, _rest[sizeof(int)..]);
        BinaryPrimitives.WriteInt32LittleEndian(_rest, length);
        _rest = _rest[(sizeof(int) + length)..];
    }

    public void Bytes(scoped ReadOnlySpan<byte> bytes)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_rest, bytes.Length);
        bytes.CopyTo(_rest[sizeof(int)..]);
        _rest = _rest[(sizeof(int) + bytes.Length)..];
    }

    public void Texts(scoped ReadOnlySpan<string> texts)
    {
        Int32(texts.Length);
        foreach (string text in texts)
            Text(text);
    }
}
