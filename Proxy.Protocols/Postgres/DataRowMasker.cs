using System.Buffers.Binary;
using Proxy.Core.Masking;
using Proxy.Core.Masking.Postgres;
using Proxy.Protocols.Buffers;

namespace Proxy.Protocols.Postgres;

/// <summary>
/// Rewrites the body of one DataRow (int16 number of columns; per column int32 length, -1 for NULL, and bytes) by a plan, in the memory it came
/// in: the output follows the input and never overtakes it, columns that are shown move in runs, and a row whose shown columns come first does not
/// move them at all. Where the masked row outgrows what has been read, the rest goes to the scratch buffer, and back if it fits after all.
/// https://www.postgresql.org/docs/current/protocol-message-formats.html
/// </summary>
public static class DataRowMasker
{
    private const int CountBytes = sizeof(short);
    private const int LengthBytes = sizeof(int);

    /// <summary>An array whose tokens need more is redacted. A token is up to 13 times as long as an element.</summary>
    internal const int ArrayBytesMax = 64 << 20;

    /// <param name="plan">The plan of the portal.</param>
    /// <param name="region">Free bytes, then the body, to its end.</param>
    /// <param name="free">How many bytes before the body the masked body may use: what earlier rows in the same buffer gave up. It is written
    /// from the start of the region, so rows close up as they are masked.</param>
    /// <param name="scratch">The session's.</param>
    /// <param name="length">Of the masked body.</param>
    public static RowOutcome Mask(MaskPlan plan, Span<byte> region, int free, RowScratch scratch, out int length)
    {
        length = 0;
        if (region.Length - free < CountBytes)
            return RowOutcome.Malformed;
        var count = BinaryPrimitives.ReadInt16BigEndian(region[free..]);
        if (count < 0 || (plan.ColumnCount != count && plan.ColumnCount != MaskPlan.AnyColumnCount))
            return RowOutcome.Malformed;

        var row = new Rewrite(region, free, scratch);
        if (!(plan.ColumnCount == MaskPlan.AnyColumnCount ? TryEach(plan, count, ref row, scratch) : TryMasked(plan, count, ref row, scratch)))
            return RowOutcome.Malformed;
        return row.TryFinish(out length) ? (row.IsInPlace ? RowOutcome.InPlace : RowOutcome.InScratch) : RowOutcome.Malformed;
    }

    /// <summary>Whether a field (int32 length and bytes) is NULL.</summary>
    internal static bool IsNull(ReadOnlySpan<byte> field) => BinaryPrimitives.ReadInt32BigEndian(field) == ValueMasker.Null;

    private static bool TryEach(MaskPlan plan, int count, ref Rewrite row, RowScratch scratch)
    {
        for (var column = 0; column < count; column++)
            if (!TryColumn(plan, column, ref row, scratch))
                return false;
        return true;
    }

    /// <summary>Most columns of most results are shown: only their lengths are looked at.</summary>
    private static bool TryMasked(MaskPlan plan, int count, ref Rewrite row, RowScratch scratch)
    {
        var next = 0;
        foreach (var column in plan.Masked)
        {
            if (!row.TrySkip(column - next) || !TryColumn(plan, column, ref row, scratch))
                return false;
            next = column + 1;
        }

        return row.TrySkip(count - next);
    }

    private static bool TryColumn(MaskPlan plan, int column, ref Rewrite row, RowScratch scratch)
    {
        if (!row.TryNext(out var value))
            return false;
        ref readonly var mask = ref plan[column];
        if (row.IsNull)
            return true;
        row.FlushRun();
        if (mask.Kind == MaskKind.Redact)
        {
            var field = plan.RedactedFieldOf(column);
            field.CopyTo(row.Room(field.Length));
            row.Advance(field.Length);
        }
        else if (mask.IsArray || mask.Kind == MaskKind.Plan)
        {
            WriteLong(mask, value, ref row);
        }
        else
        {
            // Written apart first, because a token may be longer than the place of its value, and the value is needed until it is there.
            ValueMasker.TryMask(mask, value, scratch.Value, out var length);
            var field = row.Room(LengthBytes + Math.Max(0, length));
            BinaryPrimitives.WriteInt32BigEndian(field, length);
            if (length > 0)
                scratch.Value[..length].CopyTo(field[LengthBytes..]);
            row.Advance(LengthBytes + Math.Max(0, length));
        }
        return true;
    }

    /// <summary>A masked array or a plan has no small bound, and is read while it is written: so never in place.</summary>
    private static void WriteLong(in ColumnMask mask, ReadOnlySpan<byte> value, ref Rewrite row)
    {
        row.LeavePlace();
        var room = row.Room(LengthBytes + ValueMasker.ScalarBytesMax);
        int length;
        while (!ValueMasker.TryMask(mask, value, room[LengthBytes..], out length))
        {
            if (room.Length >= ArrayBytesMax)
            {
                ValueMasker.TryMask(mask with { Kind = MaskKind.Redact }, value, room[LengthBytes..], out length);
                break;
            }
            room = row.Room(2 * room.Length);
        }
        BinaryPrimitives.WriteInt32BigEndian(room, length);
        row.Advance(LengthBytes + Math.Max(0, length));
    }

    /// <summary>Two positions in one row: what has been read, and what has been written.</summary>
    private ref struct Rewrite
    {
        private readonly Span<byte> _region;
        private readonly RowScratch _scratch;
        private Span<byte> _output;
        private int _read;
        private int _runStart;
        private int _columnStart;
        private int _written;

        public Rewrite(Span<byte> region, int free, RowScratch scratch)
        {
            _region = region;
            _scratch = scratch;
            _output = region;
            _runStart = free;
            _read = free + CountBytes;
            IsInPlace = true;
        }

        public bool IsInPlace { get; private set; }

        public bool IsNull { get; private set; }

        /// <summary>Steps over one column, which joins the run of columns to be copied unless <see cref="FlushRun"/> comes now.</summary>
        public bool TryNext(out ReadOnlySpan<byte> value)
        {
            value = default;
            if (_region.Length - _read < LengthBytes)
                return false;
            var length = BinaryPrimitives.ReadInt32BigEndian(_region[_read..]);
            var start = _read + LengthBytes;
            IsNull = length == ValueMasker.Null;
            if (IsNull)
                length = 0;
            if ((uint)length > (uint)(_region.Length - start))
                return false;
            value = _region.Slice(start, length);
            _columnStart = _read;
            _read = start + length;
            return true;
        }

        /// <summary>Steps over columns that are shown.</summary>
        public bool TrySkip(int columns)
        {
            var read = _read;
            for (; columns > 0; columns--)
            {
                if (_region.Length - read < LengthBytes)
                    return false;
                var length = BinaryPrimitives.ReadInt32BigEndian(_region[read..]);
                read += LengthBytes;
                if (length == ValueMasker.Null)
                    continue;
                if ((uint)length > (uint)(_region.Length - read))
                    return false;
                read += length;
            }

            _read = read;
            return true;
        }

        /// <summary>Writes the columns shown before the current one, and leaves the current one out.</summary>
        public void FlushRun()
        {
            Copy(_runStart, _columnStart - _runStart);
            _runStart = _read;
        }

        /// <summary>At least so many writable bytes: in place only as far as the input has been read.</summary>
        public Span<byte> Room(int size)
        {
            if (IsInPlace)
            {
                if (size <= _read - _written)
                    return _output[_written.._read];
                LeavePlace();
            }
            if (size > _output.Length - _written)
            {
                _scratch.Grow(_written + Math.Max(size, _output.Length), _written);
                _output = _scratch.Buffer;
            }
            return _output[_written..];
        }

        /// <summary>From here on the output goes to the scratch buffer. What lies ahead in the region has not been touched.</summary>
        public void LeavePlace()
        {
            if (!IsInPlace)
                return;
            _scratch.Grow(_region.Length + ValueMasker.ScalarBytesMax, kept: 0);
            _region[.._written].CopyTo(_scratch.Buffer);
            _output = _scratch.Buffer;
            IsInPlace = false;
        }

        public void Advance(int count) => _written += count;

        public bool TryFinish(out int length)
        {
            length = 0;
            if (_read != _region.Length)
                return false;
            Copy(_runStart, _read - _runStart);
            length = _written;
            if (!IsInPlace && length <= _region.Length)
            {
                _output[..length].CopyTo(_region);
                IsInPlace = true;
            }
            return true;
        }

        private void Copy(int start, int count)
        {
            if (count == 0)
                return;
            if (!IsInPlace)
                _region.Slice(start, count).CopyTo(Room(count));
            else if (_written != start)
                _region.Slice(start, count).CopyTo(_output[_written..]);
            _written += count;
        }
    }
}
