using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Proxy.Core.Masking;
using Proxy.Protocols.Postgres.Messages;

namespace Proxy.Protocols.Postgres;

/// <summary>
/// DataRows that lie whole and one behind the other in received memory (int16 number of columns; per column int32 length, -1 for NULL, and bytes): where each
/// begins, and where the values lie that are asked for. Each length is looked at once, and nothing is used of a row whose lengths do not add up. One per session.
/// https://www.postgresql.org/docs/current/protocol-message-formats.html
/// </summary>
internal sealed class RowRun
{
    /// <summary>How many rows at a time: what is made of their values together should still be in the processor's first cache.</summary>
    public const int RowsMax = TextTokenBatch.CountMax;

    private const int CountBytes = sizeof(short);
    private const int LengthBytes = sizeof(int);
    private const int Null = -1;

    private readonly int[] _starts = new int[RowsMax + 1];
    private ValueRange[] _values = new ValueRange[RowsMax];

    public int Count { get; private set; }

    /// <summary>Behind the last of them lies one that cannot be read.</summary>
    public bool EndsMalformed { get; private set; }

    /// <summary>Where the first byte behind them lies.</summary>
    public int End => _starts[Count];

    /// <summary>Where the frame of a row begins; of the row behind the last, <see cref="End"/>.</summary>
    public int StartOf(int row) => _starts[row];

    /// <summary>Where each row begins, and where the last ends.</summary>
    public ReadOnlySpan<int> Starts => _starts.AsSpan(0, Count + 1);

    /// <summary>The values of all columns that were asked for: of the first in <see cref="RowsMax"/> rows, of the second and so on.</summary>
    public ReadOnlySpan<ValueRange> Values => _values;

    /// <summary>The values of one of the columns that were asked for, row by row.</summary>
    /// <param name="place">In <see cref="MaskedRowShape.Asked"/>.</param>
    public ReadOnlySpan<ValueRange> ValuesOf(int place) => _values.AsSpan(place * RowsMax, Count);

    public ValueRange ValueOf(int place, int row) => _values[(place * RowsMax) + row];

    /// <summary>How many bytes all of them will be longer than they are.</summary>
    public long Growth { get; private set; }

    /// <summary>
    /// How many bytes longer than what was read of them they will be at the place where that is most: rows that are to begin so much in front of where they lie can be
    /// written over themselves.
    /// </summary>
    public long GrowthMax { get; private set; }

    /// <summary>Up to <see cref="RowsMax"/> rows from here on.</summary>
    /// <param name="received">What was received.</param>
    /// <param name="position">Where a frame begins.</param>
    /// <param name="shape">What is asked for.</param>
    public void Find(ReadOnlySpan<byte> received, int position, MaskedRowShape shape)
    {
        if (_values.Length < shape.Asked.Length * RowsMax) _values = new ValueRange[shape.Asked.Length * RowsMax];
        EndsMalformed = false;
        Growth = GrowthMax = Count = 0;
        _starts[0] = position;
        for (var row = 0; row < RowsMax; row++)
        {
            if (PostgresFraming.TryReadHeader(received[position..], out var type, out var length) is not FrameStatus.Complete || type is not BackendCode.DataRow) return;
            if (!TryRead(received.Slice(position, length), position, shape, _values.AsSpan(row)))
            {
                EndsMalformed = true;
                return;
            }

            position += length;
            Count = row + 1;
            _starts[Count] = position;
        }
    }

    /// <summary>Columns that nobody asks for are stepped over by their lengths.</summary>
    private bool TryRead(ReadOnlySpan<byte> frame, int start, MaskedRowShape shape, Span<ValueRange> values)
    {
        const int body = PostgresFraming.HeaderLength;
        if (frame.Length < body + CountBytes || BinaryPrimitives.ReadInt16BigEndian(frame[body..]) != shape.Columns) return false;
        long at = body + CountBytes;
        var growth = Growth;
        var growthMax = GrowthMax;
        var asked = shape.Asked.AsSpan();
        for (var place = 0; place < asked.Length; place++)
        {
            ref readonly var column = ref asked[place];
            if (!TrySkip(frame, ref at, column.Skipped) || !TryStep(frame, ref at, out var length)) return false;
            values[place * RowsMax] = new ValueRange(start + (int)at - Math.Max(0, length), length);
            if (length == Null || column.FieldBytes == 0) continue;
            growth += column.FieldBytes - LengthBytes - length;
            growthMax = Math.Max(growthMax, growth);
        }

        if (!TrySkip(frame, ref at, shape.Rest) || at != frame.Length) return false;
        Growth = growth;
        GrowthMax = growthMax;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TrySkip(ReadOnlySpan<byte> frame, ref long at, int columns)
    {
        var next = at;
        for (; columns > 0; columns--)
            if (!TryStep(frame, ref next, out _)) return false;
        at = next;
        return true;
    }

    /// <summary>
    /// Over a column. 64 bits cannot overflow by lengths of 32, and a value that ends behind the row is found where the next length, or the end of the row,
    /// would be.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryStep(ReadOnlySpan<byte> frame, ref long at, out int length)
    {
        length = Null;
        if (at > frame.Length - LengthBytes) return false;
        length = BinaryPrimitives.ReadInt32BigEndian(MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref MemoryMarshal.GetReference(frame), (nint)at), LengthBytes));
        at += LengthBytes;
        if (length < 0) return length == Null;
        at += length;
        return true;
    }
}
