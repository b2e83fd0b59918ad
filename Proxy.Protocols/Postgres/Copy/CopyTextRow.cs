using System.Buffers;
using Proxy.Core.Masking;
using Proxy.Core.Masking.Copy;
using Proxy.Core.Sql;

namespace Proxy.Protocols.Postgres.Copy;

/// <summary>
/// Rewrites a row of COPY in text: fields between delimiters, a line feed at the end; a backslash before whatever would be read otherwise
/// (CopyAttributeOutText in src/backend/commands/copyto.c).
/// </summary>
public static class CopyTextRow
{
    private static readonly SearchValues<byte> Controls = SearchValues.Create("\b\f\n\r\t\v\\"u8);

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
            if (!TryField(ref row, options.Delimiter, isLast: column == masks.ColumnCount - 1, out var field))
                return false;
            ref readonly var mask = ref masks[column];
            if (isHeader || mask.Kind == MaskKind.Show || field.SequenceEqual(options.Null.Span))
                buffers.Append(field);
            else if (mask.Kind == MaskKind.Redact)
                WriteRedaction(masks.RedactedFieldOf(column), options, buffers);
            else if (!TryUnescape(field, buffers))
                return false;
            else if (buffers.TryMask(mask, out var masked))
                Write(masked, options.Delimiter, buffers);
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
        isNull = false;
        var rest = row;
        if (!TryField(ref row, options.Delimiter, isLast: false, out var field))
        {
            row = rest;
            if (!TryField(ref row, options.Delimiter, isLast: true, out field))
                return false;
        }
        isNull = field.SequenceEqual(options.Null.Span);
        return TryUnescape(field, buffers);
    }

    /// <summary>The next field with its escapes; steps over what ends it.</summary>
    private static bool TryField(ref ReadOnlySpan<byte> row, byte delimiter, bool isLast, out ReadOnlySpan<byte> field)
    {
        field = default;
        var end = 0;
        while (true)
        {
            var next = row[end..].IndexOfAny((byte)'\\', (byte)'\n', delimiter);
            if (next < 0)
                return false;
            end += next;
            if (row[end] != (byte)'\\')
                break;
            end += 2;
            if (end >= row.Length)
                return false;
        }
        if (row[end] == (byte)'\n' != isLast)
            return false;
        field = row[..end];
        row = row[(end + 1)..];
        return true;
    }

    private static bool TryUnescape(ReadOnlySpan<byte> field, CopyRowBuffers buffers)
    {
        buffers.BeginValue(field.Length);
        while (true)
        {
            var plain = field.IndexOf((byte)'\\');
            if (plain < 0)
            {
                buffers.AppendToValue(field);
                return true;
            }
            if (plain + 1 == field.Length)
                return false;
            buffers.AppendToValue(field[..plain]);
            buffers.AppendToValue(field[plain + 1] switch
            {
                (byte)'b' => (byte)'\b',
                (byte)'f' => (byte)'\f',
                (byte)'n' => (byte)'\n',
                (byte)'r' => (byte)'\r',
                (byte)'t' => (byte)'\t',
                (byte)'v' => (byte)'\v',
                var itself => itself,
            });
            field = field[(plain + 2)..];
        }
    }

    private static void WriteRedaction(ReadOnlySpan<byte> redaction, CopyOptions options, CopyRowBuffers buffers)
    {
        if (DataRowMasker.IsNull(redaction))
            buffers.Append(options.Null.Span);
        else
            Write(redaction[sizeof(int)..], options.Delimiter, buffers);
    }

    private static void Write(ReadOnlySpan<byte> value, byte delimiter, CopyRowBuffers buffers)
    {
        while (!value.IsEmpty)
        {
            var plain = value.IndexOfAny(Controls);
            var separator = value.IndexOf(delimiter);
            if (plain < 0 || (separator >= 0 && separator < plain))
                plain = separator;
            if (plain < 0)
                plain = value.Length;
            buffers.Append(value[..plain]);
            value = value[plain..];
            if (value.IsEmpty)
                return;
            buffers.Append((byte)'\\');
            buffers.Append(value[0] switch
            {
                (byte)'\b' => (byte)'b',
                (byte)'\f' => (byte)'f',
                (byte)'\n' => (byte)'n',
                (byte)'\r' => (byte)'r',
                (byte)'\t' => (byte)'t',
                (byte)'\v' => (byte)'v',
                var itself => itself,
            });
            value = value[1..];
        }
    }
}
