using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Proxy.Core.Masking;
using Proxy.Core.Masking.MySql;
using Proxy.Core.Masking.Postgres;
using Proxy.Protocols.Buffers;
using Proxy.Protocols.MySql.Messages;

namespace Proxy.Protocols.MySql;

/// <summary>
/// Puts masked rows where they belong: closed up behind the packets before them in the received memory, or, when a row grew, into the writer's. What stands in place
/// of values is made for all rows of a run before the first of them is written. One per session.
/// </summary>
internal sealed class MySqlRowMasking
{
    /// <summary>Room for every mask there is: one that needs more would be a fault, and is NULL.</summary>
    private const int MaskBytesMax = ValueMasker.ScalarBytesMax;

    private readonly TextTokenBatch _tokens = new();
    private byte[] _fields = []; // What values are replaced by, as it stands in a row: first all tokens, then what was made by itself.
    private ValueRange[] _made = []; // Where in them, for each masked column and row; NULL where that is no bytes but a bit.
    private int _fieldBytes;
    private bool _isCopied;

    /// <summary>Rows follow that lie in other memory than those before.</summary>
    public void Begin() => _isCopied = false;

    /// <summary>Makes what stands in place of the run's values.</summary>
    public void Make(MySqlRowShape shape, RowRun run, ReadOnlySpan<byte> received)
    {
        const int columnBytes = RowRun.RowsMax * TextTokenBatch.StrideBytes;
        var columns = shape.Masked.AsSpan();
        if (_made.Length < columns.Length * RowRun.RowsMax) _made = new ValueRange[columns.Length * RowRun.RowsMax];
        _fieldBytes = 0;
        EnsureRoom(shape.TokenColumns * columnBytes);
        var token = 0;
        _fieldBytes = shape.TokenColumns * columnBytes;
        for (var i = 0; i < columns.Length; i++)
        {
            ref readonly var column = ref columns[i];
            if (column.Constant is not null) continue;
            var made = _made.AsSpan(i * RowRun.RowsMax, run.Count);
            var values = run.ValuesOf(column.Place);
            if (column.Token is { } mask)
            {
                var start = columnBytes * token++;
                if (TryMakeTokens(mask, received, values, start, made)) continue;
            }

            for (var row = 0; row < values.Length; row++)
                if (!values[row].IsNull)
                    made[row] = MakeAlone(shape, column.Column, values[row].Of(received));
        }
    }

    /// <summary>Sends a row of the run that <see cref="Make"/> was called for; they must come in order. False when it has become too long for a packet.</summary>
    /// <param name="shape">Of the rows.</param>
    /// <param name="run">The rows.</param>
    /// <param name="row">Which of them.</param>
    /// <param name="shift">What is added to its number.</param>
    /// <param name="received">What was received; what a row gives up is written over.</param>
    /// <param name="toClient">Where it goes.</param>
    public bool TryForward(MySqlRowShape shape, RowRun run, int row, byte shift, Span<byte> received, Outbound toClient)
    {
        var start = run.StartOf(row);
        var destination = toClient.DestinationOf(start);
        var room = start - destination;
        var growth = 0L; // Masks may have a megabyte each.
        var growthMax = 0L;
        var columns = shape.Masked.AsSpan();
        for (var i = 0; i < columns.Length; i++)
        {
            var place = columns[i].Place;
            var value = run.ValueOf(place, row);
            if (value.IsNull) continue;
            growth += LengthOf(columns[i], i, row) - (value.Start + value.Length - run.FieldOf(place, row));
            growthMax = Math.Max(growthMax, growth);
        }

        // In place, what is written must never go further than what has been read.
        _isCopied |= growthMax > room;
        var masked = run.StartOf(row + 1) - start + growth;
        if (masked - MySqlFraming.HeaderLength >= MySqlFraming.PayloadMax) return false;
        var length = (int)masked;
        // A row before it was too long for its place: then this one goes behind it, and what has been gathered is not copied again.
        if (_isCopied)
        {
            var target = toClient.Room(length + MaskedRowShape.ChunkBytes);
            Write(shape, run, row, shift, received, target, int.MaxValue);
            // What lies behind the last value has come along, and the memory goes back to others.
            target[length..].Clear();
            toClient.Wrote(length);
            return true;
        }

        Write(shape, run, row, shift, received, received[destination..], room - growthMax);
        toClient.ForwardRewritten(destination, length);
        return true;
    }

    /// <param name="shape">Of the rows.</param>
    /// <param name="run">The rows.</param>
    /// <param name="row">Which of them.</param>
    /// <param name="shift">What is added to its number.</param>
    /// <param name="received">What was received.</param>
    /// <param name="target">Begins where the row is to begin, and may lie over it, further in front; if not, there is a chunk more than the row needs.</param>
    /// <param name="room">So many bytes at least lie everywhere between the pen and what has not been read.</param>
    private void Write(MySqlRowShape shape, RowRun run, int row, byte shift, ReadOnlySpan<byte> received, Span<byte> target, long room)
    {
        var sequence = (byte)(received[run.StartOf(row) + MySqlFraming.SequenceOffset] + shift);
        var isRoomy = room >= MaskedRowShape.ChunkBytes && run.StartOf(row + 1) <= received.Length - MaskedRowShape.ChunkBytes;
        var length = isRoomy ? WriteChunks(shape, run, row, received, target) : WriteExactly(shape, run, row, received, target);
        MySqlFraming.WriteLength(target, length - MySqlFraming.HeaderLength);
        target[MySqlFraming.SequenceOffset] = sequence;
        if (shape.IsBinary) WriteNulls(shape.Masked.AsSpan(), run, row, target[MySqlFraming.HeaderLength..]);
    }

    /// <summary>
    /// Runs of columns that are shown, and fields in place of the others. Without checks: the run has found that what it tells lies in the row, a chunk lies
    /// behind the row, and one may be written behind the pen.
    /// </summary>
    private int WriteChunks(MySqlRowShape shape, RowRun run, int row, ReadOnlySpan<byte> received, Span<byte> target)
    {
        ref var source = ref MemoryMarshal.GetReference(received);
        ref var begin = ref MemoryMarshal.GetReference(target);
        var columns = shape.Masked.AsSpan();
        var read = run.StartOf(row);
        var written = 0;
        for (var i = 0; i < columns.Length; i++)
        {
            ref readonly var column = ref columns[i];
            var value = run.ValueOf(column.Place, row);
            if (value.IsNull) continue;
            var shown = run.FieldOf(column.Place, row) - read;
            ChunkCopy.Copy(ref Unsafe.Add(ref source, read), shown, ref Unsafe.Add(ref begin, written));
            written += shown;
            read = value.Start + value.Length;
            var bytes = LengthOf(column, i, row);
            ref var field = ref column.Constant is { } constant ? ref constant[0] : ref _fields[_made[(i * RowRun.RowsMax) + row].Start];
            ChunkCopy.Copy(ref field, bytes, ref Unsafe.Add(ref begin, written));
            written += bytes;
        }

        var rest = run.StartOf(row + 1) - read;
        ChunkCopy.Copy(ref Unsafe.Add(ref source, read), rest, ref Unsafe.Add(ref begin, written));
        return written + rest;
    }

    /// <summary>The same where there is not so much room.</summary>
    private int WriteExactly(MySqlRowShape shape, RowRun run, int row, ReadOnlySpan<byte> received, Span<byte> target)
    {
        var columns = shape.Masked.AsSpan();
        var read = run.StartOf(row);
        var written = 0;
        for (var i = 0; i < columns.Length; i++)
        {
            ref readonly var column = ref columns[i];
            var value = run.ValueOf(column.Place, row);
            if (value.IsNull) continue;
            var shown = received[read..run.FieldOf(column.Place, row)];
            shown.CopyTo(target[written..]);
            written += shown.Length;
            read = value.Start + value.Length;
            var bytes = LengthOf(column, i, row);
            ReadOnlySpan<byte> field = column.Constant is { } constant ? constant : _fields.AsSpan(_made[(i * RowRun.RowsMax) + row].Start);
            field[..bytes].CopyTo(target[written..]);
            written += bytes;
        }

        var rest = received[read..run.StartOf(row + 1)];
        rest.CopyTo(target[written..]);
        return written + rest.Length;
    }

    /// <summary>What was NULL stays so in the bitmap, and more becomes it.</summary>
    private void WriteNulls(ReadOnlySpan<MaskedColumn> columns, RowRun run, int row, Span<byte> payload)
    {
        for (var i = 0; i < columns.Length; i++)
        {
            ref readonly var column = ref columns[i];
            var isNull = column.Constant is null ? _made[(i * RowRun.RowsMax) + row].IsNull : column.Length < 0;
            if (!isNull || run.ValueOf(column.Place, row).IsNull) continue;
            var (at, bit) = RowRun.NullBitOf(column.Column);
            payload[at] |= bit;
        }
    }

    private int LengthOf(in MaskedColumn column, int index, int row) =>
        Math.Max(0, column.Constant is null ? _made[(index * RowRun.RowsMax) + row].Length : column.Length);

    /// <summary>False when the keys are gone.</summary>
    private bool TryMakeTokens(in ColumnMask mask, ReadOnlySpan<byte> received, ReadOnlySpan<ValueRange> values, int start, Span<ValueRange> made)
    {
        if (!_tokens.TryMake(mask, received, values, _fields.AsSpan(start))) return false;
        // The token's length is its field's fourth byte: no token is so long that it took more.
        const int skipped = sizeof(int) - 1;
        for (var row = 0; row < made.Length; row++)
            made[row] = new ValueRange(start + (row * TextTokenBatch.StrideBytes) + skipped, TextTokenBatch.FieldBytes(mask) - skipped);
        return true;
    }

    private ValueRange MakeAlone(MySqlRowShape shape, int column, ReadOnlySpan<byte> value)
    {
        EnsureRoom(LengthEncoded.BytesMax + MaskBytesMax);
        var start = _fieldBytes + LengthEncoded.BytesMax;
        var width = shape.IsBinary ? BinaryValue.FixedLength(shape.Types[column]) : BinaryValue.Counted;
        if (!MySqlValueMasker.TryMask(shape.Plan[column], value, _fields.AsSpan(start, MaskBytesMax), out var length) || length == MySqlValueMasker.Null
            || (width >= 0 && width != length))
        {
            if (shape.IsBinary) return new ValueRange(start, -1);
            _fields[start] = ReplyCode.Null;
            _fieldBytes = start + 1;
            return new ValueRange(start, 1);
        }

        _fieldBytes = start + length;
        if (width >= 0) return new ValueRange(start, length);
        var prefix = LengthEncoded.SizeOf((long)length);
        LengthEncoded.Write(_fields.AsSpan(start - prefix), length);
        return new ValueRange(start - prefix, prefix + length);
    }

    /// <summary>And a chunk behind, because fields are copied by chunks.</summary>
    private void EnsureRoom(int bytes)
    {
        var needed = _fieldBytes + bytes + MaskedRowShape.ChunkBytes;
        if (needed > _fields.Length) Array.Resize(ref _fields, Math.Max(2 * _fields.Length, needed));
    }
}
