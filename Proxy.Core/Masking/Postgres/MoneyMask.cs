using System.Buffers.Binary;
using System.Buffers.Text;
using System.Runtime.Intrinsics;

namespace Proxy.Core.Masking.Postgres;

/// <summary>
/// Tokens of money: a positive amount without a fraction. Binary is the amount in the smallest unit. Text is what lc_monetary makes of it:
/// its digits are the same number, around them are signs, separators and a currency that differ. A token in text has digits alone, which every
/// locale reads; how many of the value's digits are a fraction shows how many the token must leave out. A server whose currency has three
/// decimals gives other tokens in text than in binary.
/// </summary>
internal static class MoneyMask
{
    /// <summary>Tokens are multiples of it in the smallest unit: with up to three decimals they have no fraction.</summary>
    private const long Unit = 1000;

    private const long TokensMax = 1_000_000_000_000;

    public static MaskResult Write(in ColumnMask mask, KeyDomain domain, ReadOnlySpan<byte> value, Span<byte> destination, out int length)
    {
        length = 0;
        long amount;
        var fraction = 0;
        if (mask.IsBinary)
        {
            if (value.Length != sizeof(long))
                return MaskResult.Invalid;
            amount = BinaryPrimitives.ReadInt64BigEndian(value);
        }
        else if (!TryReadText(value, out amount, out fraction))
        {
            return MaskResult.Invalid;
        }
        var token = Unit * (1 + (long)Math.BigMul(Cmac.Of(domain, ValueTag.Money, amount).AsUInt64()[0], TokensMax, out _));
        if (token == amount)
            token += Unit;

        Span<byte> written = stackalloc byte[24];
        if (mask.IsBinary)
        {
            BinaryPrimitives.WriteInt64BigEndian(written, token);
            return ValueMasker.Emit(written[..sizeof(long)], destination, out length);
        }
        for (; fraction > 0; fraction--)
            token /= 10;
        Utf8Formatter.TryFormat(token, written, out var digits);
        return ValueMasker.Emit(written[..digits], destination, out length);
    }

    /// <summary>
    /// The digits as one number, negative where there is a minus or a parenthesis, and how many of them stand behind the last separator, unless
    /// these are a group of three.
    /// </summary>
    private static bool TryReadText(ReadOnlySpan<byte> value, out long amount, out int fraction)
    {
        amount = 0;
        fraction = 0;
        var last = value.LastIndexOfAnyInRange((byte)'0', (byte)'9');
        var first = value.IndexOfAnyInRange((byte)'0', (byte)'9');
        if (first < 0)
            return false;
        var behind = 0;
        var hasSeparator = false;
        var total = UInt128.Zero;
        for (var i = last; i >= first; i--)
        {
            if (value[i] is >= (byte)'0' and <= (byte)'9')
                behind += hasSeparator ? 0 : 1;
            else
                hasSeparator = true;
        }
        foreach (var digit in value[first..(last + 1)])
        {
            if (digit is < (byte)'0' or > (byte)'9')
                continue;
            total = (total * 10) + (uint)(digit - '0');
            if (total > (UInt128)long.MaxValue + 1)
                return false;
        }
        fraction = hasSeparator && behind < 3 ? behind : 0;
        var isNegative = value.ContainsAny((byte)'-', (byte)'(');
        if (!isNegative && total > (UInt128)long.MaxValue)
            return false;
        amount = isNegative ? (long)(-(Int128)total) : (long)total;
        return true;
    }
}
