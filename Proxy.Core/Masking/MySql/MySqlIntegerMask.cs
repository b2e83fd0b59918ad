using System.Buffers.Binary;
using System.Buffers.Text;
using System.Runtime.Intrinsics;
using Proxy.Core.Masking.Postgres;

namespace Proxy.Core.Masking.MySql;

/// <summary>
/// Tokens of integers: as many bits as the column has without a sign (15, 23, 31, 63), also where it has none, so that a value has the same low bits
/// in every width and in PostgreSQL.
/// </summary>
internal static class MySqlIntegerMask
{
    public static MaskResult Write(in MySqlColumnMask mask, KeyDomain domain, ReadOnlySpan<byte> value, Span<byte> destination, out int length)
    {
        length = 0;
        if (!TryRead(mask, value, out var number, out var isHuge))
            return MaskResult.Invalid;
        var token = (isHuge ? OfHuge(domain, number) : Cmac.Of(domain, ValueTag.Integer, number)).AsInt64()[0] & MaxOf(mask);
        if (token == number)
            token ^= 1;

        Span<byte> written = stackalloc byte[20];
        if (mask.IsBinary)
        {
            BinaryPrimitives.WriteInt64LittleEndian(written, token);
            return ValueMasker.Emit(written[..mask.Width], destination, out length);
        }
        Utf8Formatter.TryFormat(token, written, out var digits);
        return ValueMasker.Emit(written[..digits], destination, out length);
    }

    /// <summary>Its number; of one above long.MaxValue the bits, and that it is.</summary>
    public static bool TryRead(in MySqlColumnMask mask, ReadOnlySpan<byte> value, out long number, out bool isHuge)
    {
        isHuge = false;
        number = 0;
        if (!mask.IsBinary)
        {
            if (Utf8Parser.TryParse(value, out number, out var consumed) && consumed == value.Length)
                return true;
            isHuge = Utf8Parser.TryParse(value, out ulong unsigned, out consumed) && consumed == value.Length;
            number = (long)unsigned;
            return isHuge;
        }
        if (value.Length != mask.Width)
            return false;
        number = (value.Length, mask.IsUnsigned) switch
        {
            (1, true) => value[0],
            (1, false) => (sbyte)value[0],
            (2, true) => BinaryPrimitives.ReadUInt16LittleEndian(value),
            (2, false) => BinaryPrimitives.ReadInt16LittleEndian(value),
            (4, true) => BinaryPrimitives.ReadUInt32LittleEndian(value),
            (4, false) => BinaryPrimitives.ReadInt32LittleEndian(value),
            _ => BinaryPrimitives.ReadInt64LittleEndian(value),
        };
        isHuge = mask.IsUnsigned && number < 0;
        return true;
    }

    private static Vector128<byte> OfHuge(KeyDomain domain, long bits)
    {
        var cmac = new Cmac(domain, ValueTag.Integer);
        cmac.Append(bits);
        cmac.Append((byte)1);
        return cmac.Finish();
    }

    private static long MaxOf(in MySqlColumnMask mask) => mask.Width switch
    {
        2 => short.MaxValue,
        4 => mask.IsMedium ? (1 << 23) - 1 : int.MaxValue,
        _ => long.MaxValue,
    };
}
