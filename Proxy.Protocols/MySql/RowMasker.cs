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
    /// <param name="tokens">That were made beforehand.</param>
    /// <param name="origin">Where the region begins in what was received, which <paramref name="tokens"/> go by.</param>
    public static RowOutcome Mask(
        MySqlMaskPlan plan, ReadOnlySpan<MySqlFieldType> types, bool isBinary, Span<byte> region, int free, RowScratch scratch, out int length, RowTokens tokens = default, int origin = 0)
    {
        length = 0;
        if (plan.ColumnCount != types.Length && plan.ColumnCount != MySqlMaskPlan.AnyColumnCount) return RowOutcome.Malformed;
        var row = new RowRewrite(region, free, scratch);
        var values = new Values(plan, tokens, origin, scratch.Value);
        var isWhole = isBinary ? TryBinary(plan, types, region, free, ref row, values) : TryText(plan, types.Length, region, free, ref row, values);
        return isWhole ? row.Finish(out length) : RowOutcome.Malformed;
    }

    // Both read on in the region, whose bytes ahead are never written to; what is shown costs only that.
    private static bool TryText(MySqlMaskPlan plan, int columns, ReadOnlySpan<byte> region, int position, ref RowRewrite row, Values values)
    {
        for (var i = 0; i < columns; i++)
        {
            var start = position;
            if (start >= region.Length) return false;
            if (region[start] == ReplyCode.Null)
            {
                position++;
                continue;
            }

            if (!LengthEncoded.TryRead(region[start..], out var length, out var size) || length > region.Length - start - size) return false;
            position = start + size + (int)length;
            if (plan[i].Kind is MaskKind.Show) continue;
            var isNull = !values.TryMask(i, region, start + size, position, out var masked);
            row.Leave(start, position);
            if (isNull) row.Write([ReplyCode.Null]);
            else row.WriteCounted(masked);
        }

        return position == region.Length;
    }

    private static bool TryBinary(MySqlMaskPlan plan, ReadOnlySpan<MySqlFieldType> types, ReadOnlySpan<byte> region, int position, ref RowRewrite row, Values values)
    {
        var bitmapBytes = (types.Length + 7 + BitmapOffset) / 8;
        if (region.Length - position < 1 + bitmapBytes || region[position] != ReplyCode.Ok) return false;
        position += 1 + bitmapBytes;
        // From here on the bitmap is the one that was written: NULL stays NULL there, and more become it.
        row.Show(position);
        for (var i = 0; i < types.Length; i++)
        {
            var bit = i + BitmapOffset;
            if ((row.Written[1 + (bit >> 3)] & (1 << (bit & 7))) != 0) continue;
            var start = position;
            if (!BinaryValue.TryMeasure(types[i], region[start..], out var size, out var length)) return false;
            position = start + size + length;
            if (plan[i].Kind is MaskKind.Show) continue;
            var isNull = !values.TryMask(i, region, start + size, position, out var masked);
            row.Leave(start, position);
            // A mask of another width would make another value of what follows.
            if (isNull || (BinaryValue.FixedLength(types[i]) is >= 0 and var width && width != masked.Length)) row.Written[1 + (bit >> 3)] |= (byte)(1 << (bit & 7));
            else if (size > 0) row.WriteCounted(masked);
            else row.Write(masked);
        }

        return position == region.Length;
    }

    /// <summary>What values are replaced by.</summary>
    private readonly ref struct Values(MySqlMaskPlan plan, RowTokens tokens, int origin, Span<byte> room)
    {
        private readonly Span<byte> _room = room;

        /// <summary>False when it is NULL.</summary>
        public bool TryMask(int column, ReadOnlySpan<byte> region, int start, int end, out ReadOnlySpan<byte> masked)
        {
            if (plan[column].Kind is MaskKind.Redact)
            {
                masked = plan.RedactionOf(column);
                return !plan.RedactsToNull(column);
            }

            if (tokens.TryTake(column, origin + start, end - start, out masked)) return true;
            // Room for every mask there is: one that needs more would be a fault, and is NULL.
            var isMasked = MySqlValueMasker.TryMask(plan[column], region[start..end], _room, out var length) && length != MySqlValueMasker.Null;
            masked = isMasked ? _room[..length] : default;
            return isMasked;
        }
    }
}
