using Proxy.Core.Masking;
using Proxy.Core.Masking.Copy;
using Proxy.Core.Sql;

namespace Proxy.Protocols.Postgres.Copy;

/// <summary>
/// Rewrites a row of COPY in csv: values that hold a delimiter, a quote or a line break, or read like NULL, are between quotes, with an escape before
/// each quote and escape (CopyAttributeOutCSV in src/backend/commands/copyto.c).
/// </summary>
public static class CopyCsvRow
{
    /// <summary>False when the row is malformed or has another number of fields than the plan.</summary>
    /// <param name="plan">How rows are written.</param>
    /// <param name="masks">How they are masked, in the session's DateStyle.</param>
    /// <param name="row">One row with the line feed at its end.</param>
    /// <param name="isHeader">It names the columns, and is only looked at.</param>
    /// <param name="buffers">Where it is written.</param>
    public static bool TryMask(CopyPlan plan, MaskPlan masks, ReadOnlySpan<byte> row, bool isHeader, CopyRowBuffers buffers)
    {
        buffers.BeginRow();
        var options = plan.Options!;
        for (var column = 0; column < masks.ColumnCount; column++)
        {
            ref readonly var mask = ref masks[column];
            var isShown = isHeader || mask.Kind is MaskKind.Show;
            var isRead = !isShown && mask.Kind is not MaskKind.Redact;
            if (!TryField(ref row, options, isLast: column == masks.ColumnCount - 1, isRead, buffers, out var field, out var isQuoted))
                return false;
            if (isShown || (!isQuoted && field.SequenceEqual(options.Null.Span)))
                buffers.Append(field);
            else if (mask.Kind is MaskKind.Redact)
                WriteRedaction(masks, column, options, buffers);
            else if (buffers.TryMask(mask, out var masked))
                Write(masked, options, isOnly: masks.ColumnCount == 1, buffers);
            else
                buffers.Append(options.Null.Span);
            buffers.Append(column == masks.ColumnCount - 1 ? (byte)'\n' : options.Delimiter);
        }
        if (masks.ColumnCount > 0)
            return row.IsEmpty;
        buffers.Append(row);
        return row is [(byte)'\n'];
    }

    /// <summary>Reads the next value, wherever the row ends, into the buffers.</summary>
    internal static bool TryValue(ref ReadOnlySpan<byte> row, CopyOptions options, CopyRowBuffers buffers, out bool isNull)
    {
        var rest = row;
        if (!TryField(ref row, options, isLast: false, isRead: true, buffers, out var field, out var isQuoted))
        {
            row = rest;
            if (!TryField(ref row, options, isLast: true, isRead: true, buffers, out field, out isQuoted))
            {
                isNull = false;
                return false;
            }
        }
        isNull = !isQuoted && field.SequenceEqual(options.Null.Span);
        return true;
    }

    /// <summary>The next field as it is written; steps over what ends it. Its value goes to the buffers when it is to be read.</summary>
    private static bool TryField(
        ref ReadOnlySpan<byte> row, CopyOptions options, bool isLast, bool isRead, CopyRowBuffers buffers, out ReadOnlySpan<byte> field, out bool isQuoted)
    {
        field = default;
        isQuoted = row is [var first, ..] && first == options.Quote;
        if (isRead)
            buffers.BeginValue(row.Length);
        var end = isQuoted ? QuotedLength(row, options, isRead, buffers) : row.IndexOfAny(options.Delimiter, options.Quote, (byte)'\n');
        if (end < 0 || end >= row.Length || row[end] != (isLast ? (byte)'\n' : options.Delimiter))
            return false;
        field = row[..end];
        if (isRead && !isQuoted)
            buffers.AppendToValue(field);
        row = row[(end + 1)..];
        return true;
    }

    /// <summary>Where the closing quote of a value ends, or -1.</summary>
    private static int QuotedLength(ReadOnlySpan<byte> row, CopyOptions options, bool isRead, CopyRowBuffers buffers)
    {
        var at = 1;
        while (true)
        {
            var plain = row[at..].IndexOfAny(options.Quote, options.Escape);
            if (plain < 0)
                return -1;
            if (isRead)
                buffers.AppendToValue(row.Slice(at, plain));
            at += plain;
            var isEscape = row[at] == options.Escape && at + 1 < row.Length && (row[at + 1] == options.Quote || row[at + 1] == options.Escape);
            if (!isEscape)
                return row[at] == options.Quote ? at + 1 : -1;
            if (isRead)
                buffers.AppendToValue(row[at + 1]);
            at += 2;
        }
    }

    private static void WriteRedaction(MaskPlan masks, int column, CopyOptions options, CopyRowBuffers buffers)
    {
        var redaction = masks.RedactedFieldOf(column);
        if (DataRowMasker.IsNull(redaction))
            buffers.Append(options.Null.Span);
        else
            Write(redaction[sizeof(int)..], options, isOnly: masks.ColumnCount == 1, buffers);
    }

    private static void Write(ReadOnlySpan<byte> value, CopyOptions options, bool isOnly, CopyRowBuffers buffers)
    {
        // A column under FORCE_QUOTE is not told from the others: quotes mean nothing to whoever reads csv.
        var isQuoted = options.ForcesQuotes || value.SequenceEqual(options.Null.Span) || value.IndexOfAny(options.Delimiter, options.Quote) >= 0
            || value.IndexOfAny((byte)'\n', (byte)'\r') >= 0 || (isOnly && value.SequenceEqual("\\."u8));
        if (!isQuoted)
        {
            buffers.Append(value);
            return;
        }
        buffers.Append(options.Quote);
        while (!value.IsEmpty)
        {
            var plain = value.IndexOfAny(options.Quote, options.Escape);
            if (plain < 0)
                plain = value.Length;
            buffers.Append(value[..plain]);
            value = value[plain..];
            if (value.IsEmpty)
                break;
            buffers.Append(options.Escape);
            buffers.Append(value[0]);
            value = value[1..];
        }
        buffers.Append(options.Quote);
    }
}
