using Proxy.Core.Journal.Subjects;
using Proxy.Core.Masking.MySql;
using Proxy.Protocols.MySql.Messages;

namespace Proxy.Protocols.MySql;

/// <summary>
/// Finds in rows, before they are masked, whose they are. Changes nothing and refuses nothing: a row that cannot be read is counted as such. Owned by the
/// reply relay; allocates nothing.
/// </summary>
internal sealed class MySqlSubjectRows(SubjectCollector? collector)
{
    private const int BitmapOffset = 2;

    /// <param name="plan">Of the result.</param>
    /// <param name="columns">As the server described them.</param>
    /// <param name="isBinary">Which of the two forms the row has.</param>
    /// <param name="row">Without its header.</param>
    public void Take(SubjectPlan? plan, ReadOnlySpan<MySqlResultColumn> columns, bool isBinary, ReadOnlySpan<byte> row)
    {
        if (plan is null || collector is null) return;
        collector.Begin(plan);
        if (isBinary ? TryReadBinary(plan, collector, columns, row) : TryReadText(plan, collector, columns, row)) collector.AddRow();
        else collector.AddUnreadRow();
    }

    /// <summary>A row passes in parts.</summary>
    public void Miss(SubjectPlan? plan)
    {
        if (plan is null || collector is null) return;
        collector.Begin(plan);
        collector.AddUnreadRow();
    }

    private static bool TryReadText(SubjectPlan plan, SubjectCollector collector, ReadOnlySpan<MySqlResultColumn> columns, ReadOnlySpan<byte> row)
    {
        var next = 0;
        var subjects = plan.Columns.AsSpan();
        for (var i = 0; i < columns.Length && next < subjects.Length; i++)
        {
            if (row is [ReplyCode.Null, ..])
            {
                row = row[1..];
                if (subjects[next].Column == i) next++; // NULL is nobody's.
                continue;
            }

            if (!LengthEncoded.TryRead(row, out var length, out var size) || length > row.Length - size) return false;
            var value = row.Slice(size, (int)length);
            row = row[(size + (int)length)..];
            if (subjects[next].Column != i) continue;
            // ZEROFILL writes the same number in as many digits as the column is wide.
            if (columns[i].IsInteger && value is [(byte)'0', _, ..]) value = value.TrimStart((byte)'0') is { IsEmpty: false } digits ? digits : "0"u8;
            if (!collector.TryAdd(subjects[next++], value)) return false;
        }

        return next == subjects.Length;
    }

    private static bool TryReadBinary(SubjectPlan plan, SubjectCollector collector, ReadOnlySpan<MySqlResultColumn> columns, ReadOnlySpan<byte> row)
    {
        var next = 0;
        var subjects = plan.Columns.AsSpan();
        var bitmapBytes = (columns.Length + 7 + BitmapOffset) / 8;
        if (row.Length < 1 + bitmapBytes) return false;
        var nulls = row.Slice(1, bitmapBytes);
        row = row[(1 + bitmapBytes)..];
        Span<byte> text = stackalloc byte[BinaryText.BytesMax];
        for (var i = 0; i < columns.Length && next < subjects.Length; i++)
        {
            var bit = i + BitmapOffset;
            if ((nulls[bit >> 3] & (1 << (bit & 7))) != 0)
            {
                if (subjects[next].Column == i) next++;
                continue;
            }

            var type = columns[i].Type;
            if (!BinaryValue.TryMeasure(type, row, out var prefix, out var length)) return false;
            scoped var value = row.Slice(prefix, length);
            row = row[(prefix + length)..];
            if (subjects[next].Column != i) continue;
            if (!BinaryText.IsText(type)) value = BinaryText.Write(type, columns[i].IsUnsigned, value, text);
            if (!collector.TryAdd(subjects[next++], value)) return false;
        }

        return next == subjects.Length;
    }
}
