using Proxy.Core.Journal.Subjects;
using Proxy.Core.Masking;
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

    private readonly ValueRange[] _texts = new ValueRange[RowRun.RowsMax];
    private byte[] _text = [];

    /// <summary>The rows of a run, before the first of them is masked.</summary>
    public void Take(MySqlRowShape shape, RowRun run, ReadOnlySpan<byte> received)
    {
        if (shape.Plan.Subjects is not { } plan || collector is null) return;
        if (!plan.CodesBytes)
        {
            for (var row = 0; row < run.Count; row++)
                Take(plan, shape.Columns, shape.IsBinary, received[(run.StartOf(row) + MySqlFraming.HeaderLength)..run.StartOf(row + 1)]);
            return;
        }

        collector.Begin(plan);
        for (var i = 0; i < plan.Columns.Length; i++)
        {
            ref readonly var column = ref shape.Columns[plan.Columns[i].Column];
            var values = run.ValuesOf(shape.Subjects[i]);
            if (shape.IsBinary && !BinaryText.IsText(column.Type)) AddWritten(plan.Columns[i], column, received, values);
            else collector.AddEach(plan.Columns[i], received, column.IsInteger ? WithoutZeros(received, values) : values);
        }

        collector.AddRows(run.Count);
    }

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

    /// <summary>Binary values, as the server would write them in text.</summary>
    private void AddWritten(in SubjectColumn subject, in MySqlResultColumn column, ReadOnlySpan<byte> received, ReadOnlySpan<ValueRange> values)
    {
        if (_text.Length == 0) _text = new byte[RowRun.RowsMax * BinaryText.BytesMax];
        for (var i = 0; i < values.Length; i++)
        {
            var start = i * BinaryText.BytesMax;
            var length = values[i].IsNull ? -1 : BinaryText.Write(column.Type, column.IsUnsigned, values[i].Of(received), _text.AsSpan(start, BinaryText.BytesMax)).Length;
            _texts[i] = new ValueRange(start, length);
        }

        collector!.AddEach(subject, _text, _texts.AsSpan(0, values.Length));
    }

    private ReadOnlySpan<ValueRange> WithoutZeros(ReadOnlySpan<byte> received, ReadOnlySpan<ValueRange> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var length = values[i].IsNull ? values[i].Length : WithoutZeros(values[i].Of(received)).Length;
            _texts[i] = new ValueRange(values[i].Start + Math.Max(0, values[i].Length) - Math.Max(0, length), length);
        }

        return _texts.AsSpan(0, values.Length);
    }

    /// <summary>ZEROFILL writes the same number in as many digits as the column is wide.</summary>
    private static ReadOnlySpan<byte> WithoutZeros(ReadOnlySpan<byte> number) =>
        number is not [(byte)'0', _, ..] ? number : number.TrimStart((byte)'0') is { IsEmpty: false } digits ? digits : number[^1..];

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
            if (columns[i].IsInteger) value = WithoutZeros(value);
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
