using System.Buffers.Binary;
using System.Buffers.Text;
using System.Runtime.Intrinsics;

namespace Proxy.Core.Masking.Postgres;

/// <summary>
/// Tokens of integers: as many bits as the column's width has without the sign (15, 31, 63), of one random number per value, so a value has the
/// same low bits in every width. Two of 50,000 values in an int4 column share a token more likely than not; in int8 it takes 3 billion.
/// </summary>
internal static class IntegerMask
{
    public static MaskResult Write(in ColumnMask mask, KeyDomain domain, ReadOnlySpan<byte> value, Span<byte> destination, out int length)
    {
        length = 0;
        if (!(mask.IsBinary ? TryReadBinary(mask.Type, value, out var number) : TryReadText(value, out number)))
            return MaskResult.Invalid;
        var token = Cmac.Of(domain, ValueTag.Integer, number).AsInt64()[0] & MaxOf(mask.Type);
        if (token == number)
            token ^= 1;

        Span<byte> written = stackalloc byte[20];
        if (mask.IsBinary)
        {
            BinaryPrimitives.WriteInt64BigEndian(written, token);
            return ValueMasker.Emit(written[(sizeof(long) - Redaction.BinaryLength(mask.Type))..sizeof(long)], destination, out length);
        }
        Utf8Formatter.TryFormat(token, written, out var digits);
        return ValueMasker.Emit(written[..digits], destination, out length);
    }

    private static long MaxOf(MaskType type) => type switch
    {
        MaskType.Int16 => short.MaxValue,
        MaskType.Int32 => int.MaxValue,
        _ => long.MaxValue,
    };

    private static bool TryReadText(ReadOnlySpan<byte> value, out long number) =>
        Utf8Parser.TryParse(value, out number, out var consumed) && consumed == value.Length;

    private static bool TryReadBinary(MaskType type, ReadOnlySpan<byte> value, out long number)
    {
        number = 0;
        if (value.Length != Redaction.BinaryLength(type))
            return false;
        number = value.Length switch
        {
            sizeof(short) => BinaryPrimitives.ReadInt16BigEndian(value),
            sizeof(int) => BinaryPrimitives.ReadInt32BigEndian(value),
            _ => BinaryPrimitives.ReadInt64BigEndian(value),
        };
        return true;
    }
}
