using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Proxy.Core.Masking;
using Proxy.Protocols.Buffers;
using Proxy.Protocols.Postgres.Copy;
using Proxy.Protocols.Postgres.Messages;

namespace Proxy.Protocols.Postgres;

/// <summary>Puts masked DataRows where they belong: closed up behind the frames before them in the received memory, or, when a row grew, copied.</summary>
internal sealed class PostgresRowMasking : IDisposable
{
    private const int LengthBytes = sizeof(int);

    /// <summary>The tokens of one column in the rows of one run.</summary>
    private const int ColumnBytes = RowRun.RowsMax * TextTokenBatch.StrideBytes;

    /// <summary>Rows that become so much longer together are looked at one by one: a column's mask alone may have a megabyte.</summary>
    private const int GrowthBytesMax = 4 * 1024 * 1024;

    private readonly RowScratch _scratch = new();
    private readonly RowRun _run = new();
    private readonly TextTokenBatch _tokens = new();
    private byte[] _fields = []; // What values are replaced by: for each masked column and row of a run a token's place.

    public PostgresCopyMasking Copies { get; } = new();

    /// <summary>
    /// Masks all rows that lie here whole, several at a time. False when one is malformed: nothing of it was forwarded, and the session must end.
    /// </summary>
    /// <param name="shape">The plan's.</param>
    /// <param name="plan">Of the portal.</param>
    /// <param name="received">What was received; what a row gives up is written over.</param>
    /// <param name="position">Where the first begins; afterwards where they end.</param>
    /// <param name="subjects">Is shown the rows before they are masked.</param>
    /// <param name="toClient">Where they go.</param>
    /// <param name="rows">How many there were.</param>
    public bool TryForward(MaskedRowShape shape, MaskPlan plan, Span<byte> received, ref int position, SubjectRows subjects, Outbound toClient, out int rows)
    {
        rows = 0;
        var isCopied = false;
        do
        {
            _run.Find(received, position, shape);
            if (_run.Count == 0) break;
            subjects.Take(plan.Subjects, shape, received, _run);
            if (_run.Growth <= GrowthBytesMax && TryMakeTokens(shape, plan, received))
            {
                Forward(shape, received, toClient, ref isCopied);
            }
            else
            {
                for (var row = 0; row < _run.Count; row++)
                    if (!TryForward(_run.StartOf(row), _run.StartOf(row + 1) - _run.StartOf(row), plan, received, toClient)) return false;
            }

            rows += _run.Count;
            position = _run.End;
        }
        while (_run.Count == RowRun.RowsMax);

        return !_run.EndsMalformed;
    }

    /// <summary>False when the row is malformed: nothing of it was forwarded, and the session must end.</summary>
    public bool TryForward(int start, int frameLength, MaskPlan plan, Span<byte> received, Outbound toClient)
    {
        var destination = toClient.DestinationOf(start);
        var body = destination + PostgresFraming.HeaderLength;
        var region = received[body..(start + frameLength)];
        switch (DataRowMasker.Mask(plan, region, start - destination, _scratch, out var length))
        {
            case RowOutcome.InPlace:
                WriteHeader(received[destination..], length);
                toClient.ForwardRewritten(destination, PostgresFraming.HeaderLength + length);
                return true;
            case RowOutcome.InScratch:
                Span<byte> header = stackalloc byte[PostgresFraming.HeaderLength];
                WriteHeader(header, length);
                toClient.Insert(header);
                toClient.Insert(_scratch.Row(length).Span);
                return true;
            default:
                return false;
        }
    }

    public void Dispose()
    {
        _scratch.Dispose();
        Copies.Dispose();
    }

    /// <summary>False when the keys are gone.</summary>
    private bool TryMakeTokens(MaskedRowShape shape, MaskPlan plan, ReadOnlySpan<byte> received)
    {
        if (_fields.Length < shape.Masked.Length * ColumnBytes) _fields = new byte[shape.Masked.Length * ColumnBytes];
        var columns = shape.Masked.AsSpan();
        for (var i = 0; i < columns.Length; i++)
        {
            if (columns[i].Constant is null && !_tokens.TryMake(plan[columns[i].Column], received, _run.ValuesOf(columns[i].Place), _fields.AsSpan(i * ColumnBytes, ColumnBytes)))
                return false;
        }

        return true;
    }

    /// <param name="shape">The plan's.</param>
    /// <param name="received">What was received.</param>
    /// <param name="toClient">Where the run goes.</param>
    /// <param name="isCopied">Whether a run before it had no room to become as long as it did: then this one goes behind it, and what has been gathered is not copied again.</param>
    private void Forward(MaskedRowShape shape, Span<byte> received, Outbound toClient, ref bool isCopied)
    {
        var start = _run.StartOf(0);
        var length = _run.End - start + (int)_run.Growth;
        var destination = toClient.DestinationOf(start);
        // In place, what is written must never go further than what has been read.
        var room = start - destination - _run.GrowthMax;
        isCopied |= room < 0;
        if (isCopied)
        {
            var target = toClient.Room(length + MaskedRowShape.ChunkBytes);
            Write(shape, received, target, int.MaxValue);
            // What lies behind the last value has come along, and the memory goes back to others.
            target[length..].Clear();
            toClient.Wrote(length);
        }
        else
        {
            Write(shape, received, received[destination..], room);
            toClient.ForwardRewritten(destination, length);
        }
    }

    /// <param name="shape">The plan's.</param>
    /// <param name="received">What was received.</param>
    /// <param name="target">Begins where the run is to begin, and may lie over it, further in front; if not, there is a chunk more than the run needs.</param>
    /// <param name="room">So many bytes at least lie everywhere between the pen and what has not been read.</param>
    private void Write(MaskedRowShape shape, ReadOnlySpan<byte> received, Span<byte> target, long room)
    {
        if (room >= MaskedRowShape.ChunkBytes && _run.End <= received.Length - MaskedRowShape.ChunkBytes) WriteChunks(shape, received, target);
        else WriteExactly(shape, received, target);
    }

    /// <summary>
    /// Of each row runs of columns that are shown, and fields in place of the others. Without checks: the run has found that what it tells lies in its rows, a chunk
    /// lies behind them, and one may be written behind the pen.
    /// </summary>
    private void WriteChunks(MaskedRowShape shape, ReadOnlySpan<byte> received, Span<byte> target)
    {
        var columns = shape.Masked.AsSpan();
        ref var source = ref MemoryMarshal.GetReference(received);
        ref var pen = ref MemoryMarshal.GetReference(target);
        var starts = _run.Starts;
        var values = _run.Values;
        var fields = _fields;
        nint read = starts[0];
        for (var row = 0; row < starts.Length - 1; row++)
        {
            ref var begin = ref pen;
            for (var i = 0; i < columns.Length; i++)
            {
                ref readonly var column = ref columns[i];
                var value = values[(column.Place * RowRun.RowsMax) + row];
                if (value.IsNull) continue;
                var shown = value.Start - LengthBytes - (int)read;
                ChunkCopy.Copy(ref Unsafe.Add(ref source, read), shown, ref pen);
                pen = ref Unsafe.Add(ref pen, shown);
                read = value.Start + value.Length;
                ref var field = ref column.Constant is { } constant
                    ? ref MemoryMarshal.GetArrayDataReference(constant)
                    : ref fields[(i * ColumnBytes) + (row * TextTokenBatch.StrideBytes)];
                ChunkCopy.Copy(ref field, column.Length, ref pen);
                pen = ref Unsafe.Add(ref pen, column.Length);
            }

            var rest = starts[row + 1] - (int)read;
            ChunkCopy.Copy(ref Unsafe.Add(ref source, read), rest, ref pen);
            pen = ref Unsafe.Add(ref pen, rest);
            read += rest;
            var counted = (int)Unsafe.ByteOffset(ref begin, ref pen) - sizeof(byte);
            BinaryPrimitives.WriteInt32BigEndian(MemoryMarshal.CreateSpan(ref Unsafe.Add(ref begin, sizeof(byte)), LengthBytes), counted);
        }
    }

    /// <summary>The same where there is not so much room.</summary>
    private void WriteExactly(MaskedRowShape shape, ReadOnlySpan<byte> received, Span<byte> target)
    {
        var columns = shape.Masked.AsSpan();
        var written = 0;
        for (var row = 0; row < _run.Count; row++)
        {
            var read = _run.StartOf(row);
            var begin = written;
            for (var i = 0; i < columns.Length; i++)
            {
                ref readonly var column = ref columns[i];
                var value = _run.ValueOf(column.Place, row);
                if (value.IsNull) continue;
                var shown = value.Start - LengthBytes - read;
                received.Slice(read, shown).CopyTo(target[written..]);
                written += shown;
                read = value.Start + value.Length;
                ReadOnlySpan<byte> field = column.Constant is { } constant ? constant : _fields.AsSpan((i * ColumnBytes) + (row * TextTokenBatch.StrideBytes));
                field[..column.Length].CopyTo(target[written..]);
                written += column.Length;
            }

            var rest = received[read.._run.StartOf(row + 1)];
            rest.CopyTo(target[written..]);
            written += rest.Length;
            BinaryPrimitives.WriteInt32BigEndian(target[(begin + sizeof(byte))..], written - begin - sizeof(byte));
        }
    }

    private static void WriteHeader(Span<byte> destination, int length)
    {
        destination[0] = BackendCode.DataRow;
        BinaryPrimitives.WriteInt32BigEndian(destination[1..], sizeof(int) + length);
    }
}
