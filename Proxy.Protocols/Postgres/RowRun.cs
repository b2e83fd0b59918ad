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
            if (!TryRead(received[..(position + length)], position + PostgresFraming.HeaderLength, shape.Columns.AsSpan(), columns))
            {
                EndsMalformed = true;
                return;
            }

            position += length;
            _starts[Count + 1] = position;
        }
    }

    private bool TryRead(ReadOnlySpan<byte> received, int read, ReadOnlySpan<int> asked, int columns)
    {
        if (received.Length - read < CountBytes || BinaryPrimitives.ReadInt16BigEndian(received[read..]) != columns) return false;
        read += CountBytes;
        var place = 0;
        for (var column = 0; column < columns; column++)
        {
            if (received.Length - read < LengthBytes) return false;
            var length = BinaryPrimitives.ReadInt32BigEndian(received[read..]);
            read += LengthBytes;
            if (place < asked.Length && asked[place] == column) _values[(place++ * RowsMax) + Count] = new ValueRange(read, length);
            if (length == -1) continue;
            if ((uint)length > (uint)(received.Length - read)) return false;
            read += length;
        }

        return read == received.Length;
    }
}
