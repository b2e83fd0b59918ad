using Proxy.Core.Masking;
using Proxy.Protocols.MySql.Messages;

namespace Proxy.Protocols.MySql;

/// <summary>
/// Rows that lie whole and one behind the other in received memory: where each begins, and where the values lie that are asked for. In text: of each column its length
/// and bytes, or 0xFB for NULL. In binary: a zero, a bitmap of NULLs from its third bit on, and the values of the columns that are not NULL
/// (https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_binary_resultset.html). Each length is looked at once, and nothing is used of a row whose lengths
/// do not add up. One per session.
/// </summary>
internal sealed class RowRun
{
    /// <summary>How many rows at a time: what is made of their values together should still be in the processor's first cache.</summary>
    public const int RowsMax = TextTokenBatch.CountMax;

    private const int BitmapOffset = 2;

    private readonly int[] _starts = new int[RowsMax + 1];
    private ValueRange[] _values = [];
    private int[] _fields = []; // Where what belongs to each value begins: its length, where it has one.

    public int Count { get; private set; }

    /// <summary>What is wrong with the row behind the last of them; null where nothing is, or none lies there whole.</summary>
    public string? Fault { get; private set; }

    /// <summary>The bit of a column in the bitmap of a binary row, which is its second byte and those behind.</summary>
    public static (int Byte, byte Bit) NullBitOf(int column) => (1 + ((column + BitmapOffset) >> 3), (byte)(1 << ((column + BitmapOffset) & 7)));

    /// <summary>Where the packet of a row begins; of the one behind the last, where the run ends.</summary>
    public int StartOf(int row) => _starts[row];

    /// <summary>Of a row, without its header.</summary>
    public int PayloadLengthOf(int row) => _starts[row + 1] - _starts[row] - MySqlFraming.HeaderLength;

    /// <summary>The values of one of the columns that were asked for, row by row.</summary>
    /// <param name="place">In <see cref="MySqlRowShape.Asked"/>.</param>
    public ReadOnlySpan<ValueRange> ValuesOf(int place) => _values.AsSpan(place * RowsMax, Count);

    public ValueRange ValueOf(int place, int row) => _values[(place * RowsMax) + row];

    /// <summary>Where a value's length begins, or the value itself where it has none.</summary>
    public int FieldOf(int place, int row) => _fields[(place * RowsMax) + row];

    /// <summary>Rows from here on.</summary>
    /// <param name="received">What was received.</param>
    /// <param name="position">Where a packet begins.</param>
    /// <param name="shape">What is asked for.</param>
    /// <param name="sequence">The number that the first packet must have.</param>
    /// <param name="deprecatesEof">Whether an OK ends the rows.</param>
    /// <param name="max">So many at most, and no more than <see cref="RowsMax"/>.</param>
    public void Find(ReadOnlySpan<byte> received, int position, MySqlRowShape shape, byte sequence, bool deprecatesEof, int max)
    {
        if (_values.Length < shape.Asked.Length * RowsMax)
        {
            _values = new ValueRange[shape.Asked.Length * RowsMax];
            _fields = new int[_values.Length];
        }

        Fault = null;
        _starts[0] = position;
        for (Count = 0; Count < max; Count++)
        {
            if (!MySqlFraming.TryReadHeader(received[position..], out var length, out var number) || length is 0 or >= MySqlFraming.PayloadMax
                || length > received.Length - position - MySqlFraming.HeaderLength) return;
            position += MySqlFraming.HeaderLength;
            if (MySqlReplyTable.IsEndOfRows(received[position], length, deprecatesEof)) return;
            var row = received[..(position + length)];
            Fault = number != sequence++ ? "a packet is out of order" : (shape.IsBinary ? TryBinary(row, position, shape) : TryText(row, position, shape)) ? null : "malformed row";
            if (Fault is not null) return;
            position += length;
            _starts[Count + 1] = position;
        }
    }

    /// <summary>Columns that nobody asks for are stepped over by their lengths.</summary>
    private bool TryText(ReadOnlySpan<byte> received, int position, MySqlRowShape shape)
    {
        var asked = shape.Asked.AsSpan();
        var next = 0;
        for (var place = 0; place < asked.Length; place++)
        {
            for (; next < asked[place]; next++)
                if (!TryStep(received, ref position, out _)) return false;
            var field = position;
            if (!TryStep(received, ref position, out var length)) return false;
            Note(place, field, position, length);
            next++;
        }

        for (; next < shape.Types.Length; next++)
            if (!TryStep(received, ref position, out _)) return false;
        return position == received.Length;
    }

    private static bool TryStep(ReadOnlySpan<byte> received, ref int position, out int length)
    {
        length = -1;
        var at = position;
        if ((uint)at >= (uint)received.Length) return false;
        if (received[at] == ReplyCode.Null)
        {
            position = at + 1;
            return true;
        }

        if (!LengthEncoded.TryRead(received[at..], out var counted, out var size) || counted > received.Length - at - size) return false;
        length = (int)counted;
        position = at + size + length;
        return true;
    }

    private bool TryBinary(ReadOnlySpan<byte> received, int position, MySqlRowShape shape)
    {
        var types = shape.Types;
        var bitmapBytes = (types.Length + 7 + BitmapOffset) / 8;
        if (received.Length - position < 1 + bitmapBytes || received[position] != ReplyCode.Ok) return false;
        var nulls = received.Slice(position + 1, bitmapBytes);
        position += 1 + bitmapBytes;
        var asked = shape.Asked.AsSpan();
        var place = 0;
        for (var i = 0; i < types.Length; i++)
        {
            var bit = i + BitmapOffset;
            var field = position;
            var length = -1;
            if ((nulls[bit >> 3] & (1 << (bit & 7))) == 0)
            {
                if (!BinaryValue.TryMeasure(types[i], received[position..], out var size, out length)) return false;
                position += size + length;
            }

            if (place < asked.Length && asked[place] == i) Note(place++, field, position, length);
        }

        return position == received.Length;
    }

    private void Note(int place, int field, int end, int length)
    {
        var index = (place * RowsMax) + Count;
        _fields[index] = field;
        _values[index] = new ValueRange(end - Math.Max(0, length), length);
    }
}
