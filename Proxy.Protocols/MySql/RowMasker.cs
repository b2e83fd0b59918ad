using Proxy.Core.Masking;
using Proxy.Core.Masking.MySql;
using Proxy.Protocols.Buffers;
using Proxy.Protocols.MySql.Messages;

namespace Proxy.Protocols.MySql;

/// <summary>
/// Rewrites one row by a plan, in the memory it came in. In text: of each column its length and bytes, or 0xFB for NULL. In binary: a zero, a bitmap of NULLs
/// from its third bit on, and the values of the columns that are not NULL
/// (https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_binary_resultset.html).
/// </summary>
internal static class RowMasker
{
    private const int BitmapOffset = 2;

    /// <param name="plan">Of the result.</param>
    /// <param name="types">Of its columns.</param>
    /// <param name="isBinary">Which of the two forms it has.</param>
    /// <param name="region">Free bytes, then the payload, to its end.</param>
    /// <param name="free">How many bytes before the payload the masked one may use: what earlier rows in the same buffer gave up.</param>
    /// <param name="scratch">The session's.</param>
    /// <param name="length">Of the masked payload.</param>
    public static RowOutcome Mask(
        MySqlMaskPlan plan, ReadOnlySpan<MySqlFieldType> types, bool isBinary, Span<byte> region, int free, RowScratch scratch, out int length)
    {
        length = 0;
        if (plan.ColumnCount != types.Length && plan.ColumnCount != MySqlMaskPlan.AnyColumnCount) return RowOutcome.Malformed;
        var row = new RowRewrite(region, free, scratch);
        Span<byte> value = stackalloc byte[MySqlValueMasker.BytesMax];
        var isWhole = isBinary ? TryBinary(plan, types, ref row, value) : TryText(plan, types.Length, ref row, value);
        return isWhole && row.IsAtEnd ? row.Finish(out length) : RowOutcome.Malformed;
    }

    private static bool TryText(MySqlMaskPlan plan, int columns, ref RowRewrite row, scoped Span<byte> value)
    {
        Span<byte> prefix = stackalloc byte[LengthEncoded.BytesMax];
        for (var i = 0; i < columns; i++)
        {
            var rest = row.Rest;
            if (rest.IsEmpty) return false;
            if (rest[0] == ReplyCode.Null)
            {
                row.Show(1);
                continue;
            }

            if (!LengthEncoded.TryRead(rest, out var length, out var size) || length > rest.Length - size) return false;
            if (plan[i].Kind is MaskKind.Show)
            {
                row.Show(size + (int)length);
                continue;
            }

            var isNull = !TryMask(plan, i, rest.Slice(size, (int)length), value, out var masked);
            row.Leave(size + (int)length);
            if (isNull)
            {
                row.Write([ReplyCode.Null]);
            }
            else
            {
                row.Write(prefix[..LengthEncoded.Write(prefix, masked.Length)]);
                row.Write(masked);
            }
        }

        return true;
    }

    private static bool TryBinary(MySqlMaskPlan plan, ReadOnlySpan<MySqlFieldType> types, ref RowRewrite row, scoped Span<byte> value)
    {
        var bitmapBytes = (types.Length + 7 + BitmapOffset) / 8;
        if (row.Rest.Length < 1 + bitmapBytes || row.Rest[0] != ReplyCode.Ok) return false;
        var nulls = row.Rest.Slice(1, bitmapBytes);
        Span<byte> bitmap = bitmapBytes <= 512 ? stackalloc byte[512] : new byte[bitmapBytes];
        bitmap = bitmap[..bitmapBytes];
        nulls.CopyTo(bitmap);
        row.Show(1 + bitmapBytes);
        row.FlushRun();
        Span<byte> prefix = stackalloc byte[LengthEncoded.BytesMax];
        for (var i = 0; i < types.Length; i++)
        {
            var bit = i + BitmapOffset;
            if ((bitmap[bit >> 3] & (1 << (bit & 7))) != 0) continue;
            if (!BinaryValue.TryMeasure(types[i], row.Rest, out var size, out var length)) return false;
            if (plan[i].Kind is MaskKind.Show)
            {
                row.Show(size + length);
                continue;
            }

            var isNull = !TryMask(plan, i, row.Rest.Slice(size, length), value, out var masked);
            // A mask of another width would make another value of what follows.
            if (!isNull && BinaryValue.FixedLength(types[i]) is >= 0 and var width && width != masked.Length) isNull = true;
            row.Leave(size + length);
            if (isNull)
            {
                bitmap[bit >> 3] |= (byte)(1 << (bit & 7));
                continue;
            }

            if (size > 0) row.Write(prefix[..LengthEncoded.Write(prefix, masked.Length)]);
            row.Write(masked);
        }

        // NULL stays NULL and more become it: the bitmap has been written, and its place has not moved.
        row.FlushRun();
        bitmap.CopyTo(row.Written[1..]);
        return true;
    }

    /// <summary>False when it is NULL.</summary>
    private static bool TryMask(MySqlMaskPlan plan, int column, ReadOnlySpan<byte> content, Span<byte> value, out ReadOnlySpan<byte> masked)
    {
        if (plan[column].Kind is MaskKind.Redact)
        {
            masked = plan.RedactionOf(column);
            return !plan.RedactsToNull(column);
        }

        // Room for every mask there is: one that needs more would be a fault, and is NULL.
        var isMasked = MySqlValueMasker.TryMask(plan[column], content, value, out var length) && length != MySqlValueMasker.Null;
        masked = isMasked ? value[..length] : default;
        return isMasked;
    }
}
