using System.Buffers.Binary;
using Proxy.Core.Journal.Subjects;
using Proxy.Core.Masking;
using Proxy.Core.Masking.Copy;
using Proxy.Core.Sql;
using Proxy.Protocols.Postgres.Copy;

namespace Proxy.Protocols.Postgres;

/// <summary>
/// Finds in rows, before they are masked, whose they are. Changes nothing and refuses nothing: a row that cannot be read is counted as such. Owned by
/// the reply relay.
/// </summary>
internal sealed class SubjectRows(SubjectCollector? collector) : IDisposable
{
    private readonly CopyRowBuffers _buffers = new();

    /// <summary>The body of a DataRow, or a tuple of a COPY in binary: int16 number of columns; per column int32 length, -1 for NULL, and bytes.</summary>
    public void Take(SubjectPlan? plan, ReadOnlySpan<byte> row)
    {
        if (plan is null || collector is null) return;
        collector.Begin(plan);
        Count(TryRead(plan, collector, row));
    }

    /// <summary>All rows of a run, of which <paramref name="shape"/> tells where the keys are.</summary>
    public void Take(SubjectPlan? plan, MaskedRowShape shape, ReadOnlySpan<byte> received, RowRun run)
    {
        if (plan is null || collector is null) return;
        if (!plan.CodesBytes)
        {
            for (var row = 0; row < run.Count; row++)
                Take(plan, received[(run.StartOf(row) + PostgresFraming.HeaderLength)..run.StartOf(row + 1)]);
            return;
        }

        collector.Begin(plan);
        for (var i = 0; i < plan.Columns.Length; i++)
            collector.AddEach(plan.Columns[i], received, run.ValuesOf(shape.Subjects[i]));
        collector.AddRows(run.Count);
    }

    /// <summary>The content of one CopyData message, which holds one row.</summary>
    public void TakeCopy(CopyPlan? plan, ReadOnlySpan<byte> content, bool isFirst)
    {
        if (plan is not { Subjects: { } subjects, Written: { } options } || collector is null) return;
        if (options.Format is CopyFormat.Binary)
        {
            var prefix = isFirst ? CopyBinaryHeader.LengthOf(content) : 0;
            if (prefix < 0 || content.Length - prefix <= sizeof(short)) return; // The trailer.
            Take(subjects, content[prefix..]);
            return;
        }

        if (isFirst && options.HasHeader) return;
        collector.Begin(subjects);
        Count(TryReadText(subjects, options, content));
    }

    /// <summary>A row passes in parts.</summary>
    public void Miss(SubjectPlan? plan)
    {
        if (plan is null || collector is null) return;
        collector.Begin(plan);
        collector.AddUnreadRow();
    }

    public void Dispose() => _buffers.Dispose();

    private static bool TryRead(SubjectPlan plan, SubjectCollector collector, ReadOnlySpan<byte> row)
    {
        if (row.Length < sizeof(short)) return false;
        row = row[sizeof(short)..];
        var column = 0;
        foreach (ref readonly var subject in plan.Columns.AsSpan())
        {
            int length;
            for (; ; column++)
            {
                if (row.Length < sizeof(int)) return false;
                length = BinaryPrimitives.ReadInt32BigEndian(row);
                row = row[sizeof(int)..];
                if (length > row.Length) return false;
                if (column == subject.Column) break;
                row = row[Math.Max(0, length)..];
            }

            // NULL is nobody's.
            if (length >= 0 && !collector.TryAdd(subject, row[..length])) return false;
            row = row[Math.Max(0, length)..];
            column++;
        }

        return true;
    }

    private bool TryReadText(SubjectPlan plan, CopyOptions options, ReadOnlySpan<byte> row)
    {
        var column = 0;
        foreach (ref readonly var subject in plan.Columns.AsSpan())
        {
            for (; column < subject.Column; column++)
                if (!TrySkip(ref row, options)) return false;
            bool isNull;
            if (options.Format is CopyFormat.Csv ? !CopyCsvRow.TryValue(ref row, options, _buffers, out isNull) : !CopyTextRow.TryValue(ref row, options, _buffers, out isNull))
                return false;
            if (!isNull && !collector!.TryAdd(subject, _buffers.Value)) return false;
            column++;
        }

        return true;
    }

    private bool TrySkip(ref ReadOnlySpan<byte> row, CopyOptions options) =>
        options.Format is CopyFormat.Csv ? CopyCsvRow.TryValue(ref row, options, _buffers, out _) : CopyTextRow.TryValue(ref row, options, _buffers, out _);

    private void Count(bool isRead)
    {
        if (isRead) collector!.AddRow();
        else collector!.AddUnreadRow();
    }
}
