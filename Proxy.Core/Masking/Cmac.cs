using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Proxy.Core.Masking;

/// <summary>
/// AES-CMAC (RFC 4493, NIST SP 800-38B) over bytes that come in pieces: a pseudo-random function of messages of any length. A message of up
/// to 16 bytes costs one block.
/// </summary>
internal ref struct Cmac
{
    /// <summary>What fits into one block with the tag and the first byte of the padding.</summary>
    public const int ShortBytesMax = BlockBuffer.Size - 2;

    private readonly KeyDomain _key;
    private Vector128<byte> _state;
    private BlockBuffer _pending;
    private int _count;

    /// <param name="key">Whose tokens these are.</param>
    /// <param name="tag">First byte of the message: what kind of value follows, so that 1 and '1' do not share a token.</param>
    public Cmac(KeyDomain key, ValueTag tag)
    {
        _key = key;
        _pending[0] = (byte)tag;
        _count = 1;
    }

    public void Append(scoped ReadOnlySpan<byte> bytes)
    {
        // A full buffer is kept until more comes, because the last block is treated apart.
        while (bytes.Length > BlockBuffer.Size - _count)
        {
            var part = BlockBuffer.Size - _count;
            bytes[..part].CopyTo(_pending[_count..]);
            bytes = bytes[part..];
            _state = _key.Encrypt(_state ^ Vector128.Create<byte>(_pending));
            _count = 0;
        }
        bytes.CopyTo(_pending[_count..]);
        _count += bytes.Length;
    }

    public void Append(byte value) => Append([value]);

    public void Append(short value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(short)];
        BinaryPrimitives.WriteInt16BigEndian(bytes, value);
        Append(bytes);
    }

    public void Append(long value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        Append(bytes);
    }

    /// <summary>The 16 bytes for the message so far; the instance is spent.</summary>
    public Vector128<byte> Finish()
    {
        if (_count == BlockBuffer.Size)
            return _key.Encrypt(_state ^ Vector128.Create<byte>(_pending) ^ _key.CompleteBlockKey);
        _pending[_count] = 0x80;
        _pending[(_count + 1)..].Clear();
        return _key.Encrypt(_state ^ Vector128.Create<byte>(_pending) ^ _key.PaddedBlockKey);
    }

    /// <summary>The 16 bytes for a tag and a value that lies in one piece: the same as appending it, without the buffer.</summary>
    public static Vector128<byte> Of(KeyDomain key, ValueTag tag, ReadOnlySpan<byte> value) => key.Encrypt(LastBlock(key, tag, value));

    /// <summary>What is left to encrypt of a tag and a value that lies in one piece. Of up to 15 bytes nothing has been encrypted before.</summary>
    public static Vector128<byte> LastBlock(KeyDomain key, ValueTag tag, ReadOnlySpan<byte> value)
    {
        if (value.Length < BlockBuffer.Size)
            return Last(key, Vector128<byte>.Zero, AfterTag(tag, LoadShort(value)), 1 + value.Length);
        var state = key.Encrypt(AfterTag(tag, Vector128.Create(value)));
        var at = BlockBuffer.Size - 1;
        for (; value.Length - at > BlockBuffer.Size; at += BlockBuffer.Size)
            state = key.Encrypt(state ^ Vector128.Create(value[at..]));
        // The last 16 bytes hold the last block at their end.
        var count = value.Length - at;
        var tail = Vector128.Create(value[^BlockBuffer.Size..]).AsUInt64();
        var block = new UInt128(tail[1], tail[0]) >> (8 * (BlockBuffer.Size - count));
        return Last(key, state, block, count);
    }

    /// <summary>The same of up to <see cref="ShortBytesMax"/> bytes that have been loaded with the byte in front of them and whatever lies behind.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ShortBlock(KeyDomain key, ValueTag tag, Vector128<byte> loaded, int length)
    {
        var last = Vector128.Create((byte)length);
        var padding = Vector128.Equals(Vector128<byte>.Indices, last + Vector128<byte>.One) & Vector128.Create((byte)0x80);
        var block = Vector128.ConditionalSelect(Vector128.LessThanOrEqual(Vector128<byte>.Indices, last), loaded, padding);
        return block.WithElement(0, (byte)tag) ^ key.PaddedBlockKey;
    }

    /// <summary>The 16 bytes for a tag and a number, as if it had been appended.</summary>
    public static Vector128<byte> Of(KeyDomain key, ValueTag tag, long number) =>
        key.Encrypt(Last(key, Vector128<byte>.Zero, AfterTag(tag, (ulong)BinaryPrimitives.ReverseEndianness(number)), 1 + sizeof(long)));

    /// <summary>The two keys for the last block, whole or padded (RFC 4493 §2.3).</summary>
    public static (Vector128<byte> Complete, Vector128<byte> Padded) Subkeys(AesBlock cipher)
    {
        var complete = Double(cipher.Encrypt(Vector128<byte>.Zero));
        return (complete, Double(complete));
    }

    // Blocks as numbers have their first byte lowest.
    private static UInt128 AfterTag(ValueTag tag, UInt128 bytes) => (bytes << 8) | (byte)tag;

    private static Vector128<byte> AfterTag(ValueTag tag, Vector128<byte> bytes)
    {
        var halves = bytes.AsUInt64();
        return ToVector(AfterTag(tag, new UInt128(halves[1], halves[0])));
    }

    private static Vector128<byte> Last(KeyDomain key, Vector128<byte> state, UInt128 block, int count) =>
        count == BlockBuffer.Size
            ? state ^ ToVector(block) ^ key.CompleteBlockKey
            : state ^ ToVector(block | ((UInt128)0x80 << (8 * count))) ^ key.PaddedBlockKey;

    private static Vector128<byte> ToVector(UInt128 block) => Vector128.Create((ulong)block, (ulong)(block >> 64)).AsByte();

    /// <summary>Up to 15 bytes by overlapping reads.</summary>
    private static UInt128 LoadShort(ReadOnlySpan<byte> value)
    {
        var length = value.Length;
        if (length >= sizeof(ulong))
        {
            UInt128 end = BinaryPrimitives.ReadUInt64LittleEndian(value[^sizeof(ulong)..]);
            return (end << (8 * (length - sizeof(ulong)))) | BinaryPrimitives.ReadUInt64LittleEndian(value);
        }
        if (length >= sizeof(uint))
        {
            ulong end = BinaryPrimitives.ReadUInt32LittleEndian(value[^sizeof(uint)..]);
            return (end << (8 * (length - sizeof(uint)))) | BinaryPrimitives.ReadUInt32LittleEndian(value);
        }
        return length == 0 ? 0 : value[0] | ((ulong)value[length / 2] << (8 * (length / 2))) | ((ulong)value[^1] << (8 * (length - 1)));
    }

    /// <summary>Multiplication by x in GF(2^128).</summary>
    private static Vector128<byte> Double(Vector128<byte> block)
    {
        Span<byte> bytes = stackalloc byte[BlockBuffer.Size];
        block.CopyTo(bytes);
        var value = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        BinaryPrimitives.WriteUInt128BigEndian(bytes, (value << 1) ^ ((value >> 127) * 0x87));
        return Vector128.Create<byte>(bytes);
    }

    [InlineArray(Size)]
    private struct BlockBuffer
    {
        public const int Size = 16;
        private byte _first;
    }
}
