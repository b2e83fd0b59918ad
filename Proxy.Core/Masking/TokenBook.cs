using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace Proxy.Core.Masking;

/// <summary>
/// Which value each text token stands for that one identity was shown on one target: a token is a keyed hash, and nothing but memory leads back.
/// The latest <see cref="BytesMax"/> bytes of pairs are kept, oldest forgotten first; values are encrypted under a key that dies with the book.
/// Thread-safe: the sessions of one identity share a book, because drivers read and write by different connections of a pool.
/// </summary>
public sealed class TokenBook : IDisposable
{
    /// <summary>What a book holds at most: some 14,000 tokens of names and numbers.</summary>
    public const int BytesMax = 1 << 20;

    /// <summary>A longer value is not remembered; nobody looks one up by its token.</summary>
    public const int ValueBytesMax = 512;

    private const int BytesMin = 1 << 14;
    private const int HeaderBytes = 32;
    private const int BytesPerSlot = 32;
    private const int Probes = 8;
    private const int BlockBytes = 16;

    private readonly Lock _gate = new();
    private readonly AesBlock _cipher;
    private byte[] _pairs = [];
    private Slot[] _slots = [];
    // Positions count on for ever; a pair lies at its position modulo the length of the memory, and never across its end.
    private long _begin;
    private long _end;

    public TokenBook()
    {
        Span<byte> key = stackalloc byte[AesBlock.KeyBytes];
        RandomNumberGenerator.Fill(key);
        _cipher = new AesBlock(key);
        CryptographicOperations.ZeroMemory(key);
    }

    /// <summary>Remembers that the value is shown as this token.</summary>
    internal void Remember(ReadOnlySpan<byte> token, ReadOnlySpan<byte> value)
    {
        if (value.Length > ValueBytesMax || token.Length > TextToken.Chars)
            return;
        var hash = HashOf(token);
        // Most tokens of an answer were shown before. Read without the lock: what goes wrong costs a token that cannot be written back.
        if (IsKnown(Volatile.Read(ref _slots), hash))
            return;
        using var scope = _gate.EnterScope();
        if (_cipher.IsDisposed || Find(hash, token) >= 0)
            return;
        var length = HeaderBytes + ((value.Length + BlockBytes - 1) / BlockBytes * BlockBytes);
        MakeRoom(length);
        var pair = At(_end).AsSpan(0, length);
        pair.Clear();
        token.CopyTo(pair);
        pair[TextToken.Chars] = (byte)token.Length;
        BinaryPrimitives.WriteInt32LittleEndian(pair[(TextToken.Chars + 1)..], value.Length);
        value.CopyTo(pair[HeaderBytes..]);
        Crypt(_end, pair[HeaderBytes..]);
        Place(_slots, hash, _end);
        _end += length;
    }

    /// <summary>The value behind a token, if it is still remembered. <paramref name="value"/> has room for <see cref="ValueBytesMax"/> bytes.</summary>
    internal bool TryFind(ReadOnlySpan<byte> token, Span<byte> value, out int length)
    {
        length = 0;
        var hash = HashOf(token);
        using var scope = _gate.EnterScope();
        if (_cipher.IsDisposed || Find(hash, token) is var position && position < 0)
            return false;
        var pair = At(position);
        length = BinaryPrimitives.ReadInt32LittleEndian(pair[(TextToken.Chars + 1)..]);
        Span<byte> blocks = stackalloc byte[ValueBytesMax];
        blocks = blocks[..((length + BlockBytes - 1) / BlockBytes * BlockBytes)];
        pair.AsSpan(HeaderBytes, blocks.Length).CopyTo(blocks);
        Crypt(position, blocks);
        blocks[..length].CopyTo(value);
        CryptographicOperations.ZeroMemory(blocks);
        return true;
    }

    public void Dispose() => _cipher.Dispose();

    public override string ToString() => nameof(TokenBook);

    /// <summary>A whole token has 80 pseudo-random bits in its body: mixing them is enough.</summary>
    private static ulong HashOf(ReadOnlySpan<byte> token)
    {
        if (token.Length != TextToken.Chars)
            return XxHash3.HashToUInt64(token);
        var first = BinaryPrimitives.ReadUInt64LittleEndian(token[TextToken.PrefixChars..]);
        var second = BinaryPrimitives.ReadUInt64LittleEndian(token[(TextToken.PrefixChars + sizeof(ulong))..]);
        var mixed = first * 0x9E3779B97F4A7C15 ^ ulong.RotateLeft(second * 0xC2B2AE3D27D4EB4F, 32);
        return mixed ^ mixed >> 32;
    }

    /// <summary>Whether a token with this hash is remembered: another one has it with a chance of 1 in 2^64.</summary>
    private bool IsKnown(Slot[] slots, ulong hash)
    {
        var begin = Volatile.Read(ref _begin);
        for (var i = 0; i < Probes && slots.Length > 0; i++)
        {
            ref var slot = ref slots[(int)(hash + (ulong)i) & (slots.Length - 1)];
            if (slot.Hash == hash && Volatile.Read(ref slot.Position) > begin)
                return true;
        }
        return false;
    }

    private long Find(ulong hash, ReadOnlySpan<byte> token)
    {
        if (_slots.Length == 0)
            return -1;
        for (var i = 0; i < Probes; i++)
        {
            var slot = _slots[(int)(hash + (ulong)i) & (_slots.Length - 1)];
            var position = slot.Position - 1;
            if (slot.Hash == hash && position >= _begin
                && At(position) is var pair && pair[TextToken.Chars] == token.Length && token.SequenceEqual(pair.AsSpan(0, token.Length)))
                return position;
        }
        return -1;
    }

    /// <summary>Where all places are taken the oldest pair there is forgotten early.</summary>
    private static void Place(Slot[] slots, ulong hash, long position)
    {
        var oldest = 0;
        for (var i = 0; i < Probes; i++)
        {
            var place = (int)(hash + (ulong)i) & (slots.Length - 1);
            if (i == 0 || slots[place].Position < slots[oldest].Position)
                oldest = place;
        }
        ref var slot = ref slots[oldest];
        // Who reads without the lock must not see the old position with the new hash.
        Volatile.Write(ref slot.Position, 0);
        Volatile.Write(ref slot.Hash, hash);
        Volatile.Write(ref slot.Position, position + 1);
    }

    private void MakeRoom(int length)
    {
        if (_end + length > _pairs.Length && _pairs.Length < BytesMax)
            Grow();
        var offset = (int)(_end % _pairs.Length);
        if (offset + length > _pairs.Length)
            _end += _pairs.Length - offset;
        _begin = Math.Max(_begin, _end + length - _pairs.Length);
    }

    /// <summary>Only before anything was forgotten: positions are then places, and stay so.</summary>
    private void Grow()
    {
        var pairs = new byte[Math.Max(BytesMin, _pairs.Length * 2)];
        _pairs.CopyTo(pairs.AsSpan());
        CryptographicOperations.ZeroMemory(_pairs);
        _pairs = pairs;
        var slots = new Slot[pairs.Length / BytesPerSlot];
        for (long position = 0; position < _end;)
        {
            var pair = At(position);
            Place(slots, HashOf(pair.AsSpan(0, pair[TextToken.Chars])), position);
            var value = BinaryPrimitives.ReadInt32LittleEndian(pair[(TextToken.Chars + 1)..]);
            position += HeaderBytes + ((value + BlockBytes - 1) / BlockBytes * BlockBytes);
        }
        Volatile.Write(ref _slots, slots);
    }

    private ArraySegment<byte> At(long position)
    {
        var offset = (int)(position % _pairs.Length);
        return new ArraySegment<byte>(_pairs, offset, _pairs.Length - offset);
    }

    /// <summary>Counter mode: positions never come again, so neither do counters.</summary>
    private void Crypt(long position, Span<byte> blocks)
    {
        var counter = position;
        foreach (ref var block in MemoryMarshal.Cast<byte, Vector128<byte>>(blocks))
        {
            block ^= _cipher.Encrypt(Vector128.Create(counter, 0L).AsByte());
            counter += BlockBytes;
        }
    }

    /// <summary>A token's place. Position is where its pair begins, plus one; 0 is an empty slot.</summary>
    private struct Slot
    {
        public ulong Hash;
        public long Position;
    }
}
