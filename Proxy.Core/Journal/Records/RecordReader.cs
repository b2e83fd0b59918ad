using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;

namespace Proxy.Core.Journal.Records;

/// <summary>Reads what <see cref="RecordWriter"/> wrote. Whatever does not fit, and a byte too many, is a <see cref="JournalFormatException"/>.</summary>
internal ref struct RecordReader(ReadOnlySpan<byte> source, bool isSealed = false)
{
    private ReadOnlySpan<byte> _rest = source;

    public byte Byte() => Take(1)[0];

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)));

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)));

    public Guid Guid() => new(Take(RecordWriter.GuidBytes), bigEndian: true);

    /// <summary>Ticks of 100 ns since 0001-01-01 UTC.</summary>
    public DateTimeOffset Time()
    {
        long ticks = Int64();
        return ticks >= 0 && ticks <= DateTimeOffset.MaxValue.UtcTicks ? new DateTimeOffset(ticks, TimeSpan.Zero) : throw Malformed();
    }

    public string Text() => Encoding.UTF8.GetString(Take(Int32()));

    public byte[] Bytes() => Take(Int32()).ToArray();

    public ImmutableArray<string> Texts()
    {
        int count = Int32();
        // Each has a length in front: a count that cannot be is found before anything is allocated for it.
        if (count < 0 || count > _rest.Length / sizeof(int))
            throw Malformed();
        var texts = ImmutableArray.CreateBuilder<string>(count);
        for (int i = 0; i < count; i++)
            texts.Add(Text());
        return texts.MoveToImmutable();
    }

    /// <summary>A 4-byte count and that many numbers of 8 bytes.</summary>
    public ImmutableArray<ulong> Numbers()
    {
        int count = Int32();
        if (count < 0 || count > _rest.Length / sizeof(ulong))
            throw Malformed();
        var numbers = ImmutableArray.CreateBuilder<ulong>(count);
        for (int i = 0; i < count; i++)
            numbers.Add((ulong)Int64());
        return numbers.MoveToImmutable();
    }

    /// <summary>Of the sealed end of a body, which is not there without the key: then empty.</summary>
    public string SealedText() => isSealed ? "" : Text();

    /// <summary>Of the sealed end of a body, which is not there without the key: then empty.</summary>
    public byte[] SealedBytes() => isSealed ? [] : Bytes();

    /// <summary>A last field of the sealed end, which is there only when it says something.</summary>
    public byte[] OptionalSealedBytes() => isSealed || _rest.IsEmpty ? [] : Bytes();

    public readonly void Complete()
    {
        if (!_rest.IsEmpty)
            throw Malformed();
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if ((uint)length > (uint)_rest.Length)
            throw Malformed();
        ReadOnlySpan<byte> taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }

    private static JournalFormatException Malformed() => new("The body of a journal record is malformed.");
}
