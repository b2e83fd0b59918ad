using System.Buffers;

namespace Proxy.Core.Masking.Postgres;

/// <summary>
/// Masks the elements of an array in text, <c>[2:3]={{a,"b c"},{NULL,d}}</c> (array_out in src/backend/utils/adt/arrayfuncs.c), keeping
/// dimensions and NULLs. Every byte of the value that is not punctuation or a bound is either masked or makes the array invalid.
/// </summary>
internal static class TextArrayMask
{
    private static readonly SearchValues<byte> EndOfBareElement = SearchValues.Create("{},\"\\"u8);
    private static readonly SearchValues<byte> BoundCharacters = SearchValues.Create("[]:-+0123456789"u8);

    // What array_out puts into quotes; NULL cannot come up, because no token spells it.
    private static readonly SearchValues<byte> NeedsQuotes = SearchValues.Create("{},\"\\ \t\n\v\f\r"u8);

    public static MaskResult Write(in ColumnMask mask, ReadOnlySpan<byte> value, Span<byte> destination, out int length)
    {
        length = 0;
        var writer = new BoundedWriter(destination);
        if (!TrySkipBounds(ref value, ref writer))
            return MaskResult.Invalid;
        var element = mask with { IsArray = false };
        var depth = 0;
        var previous = (byte)',';
        while (!value.IsEmpty)
        {
            var next = value[0];
            switch (next)
            {
                case (byte)'{' when previous is (byte)'{' or (byte)',' && depth < BinaryArrayMask.DimensionsMax && (depth > 0 || previous != '{'):
                    depth++;
                    break;
                case (byte)'}' when previous != ',' && depth > 0:
                    depth--;
                    break;
                case (byte)',' when previous is (byte)'}' or Element && depth > 0:
                    break;
                case (byte)'{' or (byte)'}' or (byte)',':
                    return MaskResult.Invalid;
                default:
                    if (depth == 0 || previous is not ((byte)'{' or (byte)',') || !TryElement(element, ref value, ref writer))
                        return MaskResult.Invalid;
                    previous = Element;
                    continue;
            }
            writer.WriteByte(next);
            previous = next;
            value = value[1..];
            if (depth == 0)
                break;
        }
        if (depth != 0 || previous != '}' || !value.IsEmpty)
            return MaskResult.Invalid;
        length = writer.Length;
        return writer.HasOverflowed ? MaskResult.TooSmall : MaskResult.Written;
    }

    /// <summary>In <c>previous</c>: an element went before.</summary>
    private const byte Element = 0;

    private static bool TrySkipBounds(ref ReadOnlySpan<byte> value, ref BoundedWriter writer)
    {
        if (value is not [(byte)'[', ..])
            return true;
        var equals = value.IndexOf((byte)'=');
        // [-2147483648:-2147483648] for each dimension.
        if (equals is < 0 or > BinaryArrayMask.DimensionsMax * 25 || value[..equals].ContainsAnyExcept(BoundCharacters))
            return false;
        writer.Write(value[..(equals + 1)]);
        value = value[(equals + 1)..];
        return true;
    }

    private static bool TryElement(in ColumnMask element, ref ReadOnlySpan<byte> value, ref BoundedWriter writer)
    {
        if (value[0] == (byte)'"')
            return TryQuotedElement(element, ref value, ref writer);
        var end = value.IndexOfAny(EndOfBareElement);
        if (end <= 0)
            return false;
        var bare = value[..end];
        value = value[end..];
        if (bare.SequenceEqual("NULL"u8))
            writer.Write(bare);
        else
            WriteMasked(element, bare, ref writer);
        return true;
    }

    private static bool TryQuotedElement(in ColumnMask element, ref ReadOnlySpan<byte> value, ref BoundedWriter writer)
    {
        value = value[1..];
        var end = value.IndexOfAny((byte)'"', (byte)'\\');
        if (end < 0)
            return false;
        if (value[end] == (byte)'"')
        {
            WriteMasked(element, value[..end], ref writer);
            value = value[(end + 1)..];
            return true;
        }
        // With escapes the value is shorter than what is left of the array.
        var unescaped = ArrayPool<byte>.Shared.Rent(value.Length);
        var length = 0;
        var isClosed = TryUnescape(ref value, unescaped, ref length);
        if (isClosed)
            WriteMasked(element, unescaped.AsSpan(0, length), ref writer);
        unescaped.AsSpan(0, length).Clear();
        ArrayPool<byte>.Shared.Return(unescaped);
        return isClosed;
    }

    private static bool TryUnescape(ref ReadOnlySpan<byte> value, Span<byte> unescaped, ref int length)
    {
        while (true)
        {
            var plain = value.IndexOfAny((byte)'"', (byte)'\\');
            if (plain < 0)
                return false;
            value[..plain].CopyTo(unescaped[length..]);
            length += plain;
            var isQuote = value[plain] == (byte)'"';
            value = value[(plain + 1)..];
            if (isQuote)
                return true;
            if (value.IsEmpty)
                return false;
            unescaped[length++] = value[0];
            value = value[1..];
        }
    }

    private static void WriteMasked(in ColumnMask element, ReadOnlySpan<byte> value, ref BoundedWriter writer)
    {
        Span<byte> masked = stackalloc byte[ValueMasker.ScalarBytesMax];
        if (!ValueMasker.TryMask(element, value, masked, out var length) || length == ValueMasker.Null)
            writer.Write("NULL"u8);
        else if (length == 0 || masked[..length].ContainsAny(NeedsQuotes))
            writer.WriteQuoted(masked[..length]);
        else
            writer.Write(masked[..length]);
    }
}
