using System.Buffers.Binary;
using System.Runtime.Intrinsics;

namespace Proxy.Core.Masking.Postgres;

/// <summary>
/// bit(n) and varbit(n): in text a digit a bit, in binary int32 number of bits and the bits, the last byte filled up with zeros (bit_send in
/// src/backend/utils/adt/varbit.c). Tokens have as many bits as the column, up to 64 where varbit has no limit.
/// </summary>
internal static class BitMask
{
    /// <summary>Fewer bits have so few values that a token tells which one it stands for.</summary>
    private const int TokenBitsMin = 15;
    private const int TokenBitsMax = 128;
    private const int UnlimitedTokenBits = 64;
    private const int HeaderBytes = sizeof(int);

    public static bool HasTokens(in ColumnMask mask) => mask switch
    {
        { Type: MaskType.Bit } => mask.MaxLength is >= TokenBitsMin and <= TokenBitsMax,
        _ => mask.MaxLength is 0 or >= TokenBitsMin,
    };

    public static MaskResult Write(in ColumnMask mask, KeyDomain domain, ReadOnlySpan<byte> value, Span<byte> destination, out int length)
    {
        length = 0;
        var cmac = new Cmac(domain, ValueTag.Bits);
        if (!(mask.IsBinary ? TryAppendBinary(ref cmac, value) : TryAppendText(ref cmac, value)))
            return MaskResult.Invalid;
        var bits = mask.Type == MaskType.Bit ? mask.MaxLength
            : mask.MaxLength == 0 ? UnlimitedTokenBits
            : Math.Min(mask.MaxLength, UnlimitedTokenBits);
        Span<byte> token = stackalloc byte[TokenBitsMax / 8];
        cmac.Finish().CopyTo(token);
        if (bits % 8 != 0)
            token[bits / 8] &= (byte)(0xFF00 >> (bits % 8));
        if (IsSame(mask.IsBinary, value, token, bits))
            token[0] ^= 0x80;

        Span<byte> written = stackalloc byte[TokenBitsMax];
        if (mask.IsBinary)
        {
            BinaryPrimitives.WriteInt32BigEndian(written, bits);
            token[..BytesOf(bits)].CopyTo(written[HeaderBytes..]);
            return ValueMasker.Emit(written[..(HeaderBytes + BytesOf(bits))], destination, out length);
        }
        for (var i = 0; i < bits; i++)
            written[i] = (byte)('0' + BitOf(token, i));
        return ValueMasker.Emit(written[..bits], destination, out length);
    }

    /// <summary>The redaction of bit(n).</summary>
    public static bool TryWriteZeros(in ColumnMask mask, Span<byte> destination, out int length)
    {
        length = mask.IsBinary ? HeaderBytes + BytesOf(mask.MaxLength) : mask.MaxLength;
        if (destination.Length < length)
            return false;
        destination[..length].Fill(mask.IsBinary ? (byte)0 : (byte)'0');
        if (mask.IsBinary)
            BinaryPrimitives.WriteInt32BigEndian(destination, mask.MaxLength);
        return true;
    }

    private static int BytesOf(int bits) => (bits + 7) / 8;

    private static int BitOf(ReadOnlySpan<byte> bytes, int bit) => (bytes[bit / 8] >> (7 - (bit % 8))) & 1;

    private static bool TryAppendBinary(ref Cmac cmac, ReadOnlySpan<byte> value)
    {
        if (!BinaryPrimitives.TryReadInt32BigEndian(value, out var bits) || bits < 0 || value.Length - HeaderBytes != BytesOf(bits))
            return false;
        cmac.Append(bits);
        cmac.Append(value[HeaderBytes..]);
        return true;
    }

    private static bool TryAppendText(ref Cmac cmac, ReadOnlySpan<byte> value)
    {
        if (value.ContainsAnyExceptInRange((byte)'0', (byte)'1'))
            return false;
        cmac.Append(value.Length);
        while (!value.IsEmpty)
        {
            var part = value[..Math.Min(8, value.Length)];
            var bits = 0;
            foreach (var digit in part)
                bits = (bits << 1) | (digit & 1);
            cmac.Append((byte)(bits << (8 - part.Length)));
            value = value[part.Length..];
        }
        return true;
    }

    private static bool IsSame(bool isBinary, ReadOnlySpan<byte> value, ReadOnlySpan<byte> token, int bits)
    {
        if (isBinary)
            return BinaryPrimitives.ReadInt32BigEndian(value) == bits && value[HeaderBytes..].SequenceEqual(token[..BytesOf(bits)]);
        if (value.Length != bits)
            return false;
        for (var i = 0; i < bits; i++)
            if ((value[i] & 1) != BitOf(token, i))
                return false;
        return true;
    }
}
