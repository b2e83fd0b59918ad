using System.Buffers.Binary;
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
    private ValueRange[] _values = [];

    public int Count { get; private set; }

    /// <summary>Behind the last of them lies one that cannot be read.</summary>
    public bool EndsMalformed { get; private set; }

    /// <summary>Where the first byte behind them lies.</summary>
    public int End => _starts[Count];

    /// <summary>Where the frame of a row begins; of the row behind the last, <see cref="End"/>.</summary>
    public int StartOf(int row) => _starts[row];

    /// <summary>The values of one of the columns that were asked for, row by row.</summary>
    /// <param name="place">In <see cref="MaskedRowShape.Columns"/>.</param>
    public ReadOnlySpan<ValueRange> ValuesOf(int place) => _values.AsSpan(place * RowsMax, Count);

    public ValueRange ValueOf(int place, int row) => _values[(place * RowsMax) + row];

    /// <summary>Up to <see cref="RowsMax"/> rows from here on.</summary>
    /// <param name="received">What was received.</param>
    /// <param name="position">Where a frame begins.</param>
    /// <param name="shape">What is asked for.</param>
    /// <param name="columns">How many each row must have.</param>
    public void Find(ReadOnlySpan<byte> received, int position, MaskedRowShape shape, int columns)
    {
        if (_values.Length < shape.Columns.Length * RowsMax) _values = new ValueRange[shape.Columns.Length * RowsMax];
        EndsMalformed = false;
        _starts[0] = position;
        for (Count = 0; Count < RowsMax; Count++)
        {
            if (PostgresFraming.TryReadHeader(received[position..], out var type, out var length) is not FrameStatus.Complete || type is not BackendCode.DataRow) return;
            if (!TryRead(received, position + PostgresFraming.HeaderLength, position + length, shape.Columns.AsSpan(), columns))
            {
                EndsMalformed = true;
                return;
            }

            position += length;
            _starts[Count + 1] = position;
        }
    }

    /// <summary>Columns that nobody asks for are stepped over by their lengths.</summary>
    private bool TryRead(ReadOnlySpan<byte> received, int read, int end, ReadOnlySpan<int> asked, int columns)
    {
        if (end - read < CountBytes || BinaryPrimitives.ReadInt16BigEndian(received[read..]) != columns) return false;
        read += CountBytes;
        var next = 0;
        for (var place = 0; place < asked.Length; place++)
        {
            if (!TrySkip(received, ref read, end, asked[place] - next) || end - read < LengthBytes) return false;
            var length = BinaryPrimitives.ReadInt32BigEndian(received[read..]);
            read += LengthBytes;
            _values[(place * RowsMax) + Count] = new ValueRange(read, length);
            if (length != Null)
            {
                if ((uint)length > (uint)(end - read)) return false;
                read += length;
            }

            next = asked[place] + 1;
        }

        return TrySkip(received, ref read, end, columns - next) && read == end;
    }

    private static bool TrySkip(ReadOnlySpan<byte> received, ref int read, int end, int columns)
    {
        var at = read;
        for (; columns > 0; columns--)
        {
            if (end - at < LengthBytes) return false;
            var length = BinaryPrimitives.ReadInt32BigEndian(received.Slice(at, LengthBytes));
            at += LengthBytes;
            if (length == Null) continue;
            if ((uint)length > (uint)(end - at)) return false;
            at += length;
        }

        read = at;
        return true;
    }
}
