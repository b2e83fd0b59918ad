using Proxy.Core.Masking;
using Proxy.Core.Masking.MySql;
using Proxy.Protocols.MySql.Messages;

namespace Proxy.Protocols.MySql;

/// <summary>
/// The text tokens of rows that lie whole and one behind the other in received memory, made together before the rows are looked at one by one: alone, each waits for
/// AES. A token goes by where its value lies; whatever is not as it was found here is masked as if there were none. One per session.
/// </summary>
internal sealed class TokenRun
{
    public const int RowsMax = TextTokenBatch.CountMax;

    private const int BitmapOffset = 2;

    private readonly TextTokenBatch _batch = new();
    private readonly int[] _starts = new int[RowsMax];
    private ValueRange[] _values = [];
    private byte[] _tokens = [];
    private int _count;
    private int _next;

    /// <summary>Forgets what was found: what was received is other memory now, or will be.</summary>
    public void Clear() => _count = _next = 0;

    /// <summary>The row that begins here, which must come in turn.</summary>
    /// <param name="plan">Its plan.</param>
    /// <param name="types">Of its columns.</param>
    /// <param name="isBinary">Which of the two forms it has.</param>
    /// <param name="received">What was received.</param>
    /// <param name="position">Where its packet begins.</param>
    public RowTokens Of(MySqlMaskPlan plan, ReadOnlySpan<MySqlFieldType> types, bool isBinary, ReadOnlySpan<byte> received, int position)
    {
        if (plan.Tokens.IsEmpty) return default;
        if (_next == _count) Find(plan, types, isBinary, received, position);
        return _next < _count && _starts[_next] == position ? new RowTokens(this, plan, _next++) : default;
    }

    public bool TryTake(int place, int row, int start, int length, out ReadOnlySpan<byte> token)
    {
        var index = (place * RowsMax) + row;
        var at = (index * TextTokenBatch.StrideBytes) + sizeof(int);
        token = _tokens.AsSpan(at, _tokens[at - 1]);
        return _values[index] == new ValueRange(start, length);
    }

    private void Find(MySqlMaskPlan plan, ReadOnlySpan<MySqlFieldType> types, bool isBinary, ReadOnlySpan<byte> received, int position)
    {
        Clear();
        var places = plan.Tokens.Length;
        if (_values.Length < places * RowsMax)
        {
            _values = new ValueRange[places * RowsMax];
            _tokens = new byte[places * RowsMax * TextTokenBatch.StrideBytes];
        }

        var count = 0;
        for (; count < RowsMax; count++)
        {
            if (!MySqlFraming.TryReadHeader(received[position..], out var length, out _) || length is 0 or >= MySqlFraming.PayloadMax
                || length > received.Length - position - MySqlFraming.HeaderLength) break;
            var start = position + MySqlFraming.HeaderLength;
            var end = start + length;
            if (!(isBinary ? TryBinary(plan, types, received[..end], start, count) : TryText(plan, types.Length, received[..end], start, count))) break;
            _starts[count] = position;
            position = end;
        }

        for (var place = 0; place < places && count > 0; place++)
        {
            var values = _values.AsSpan(place * RowsMax, count);
            if (!_batch.TryMake(plan.Tokens[place].Mask, received, values, _tokens.AsSpan(place * RowsMax * TextTokenBatch.StrideBytes))) return;
        }

        _count = count;
    }

    private bool TryText(MySqlMaskPlan plan, int columns, ReadOnlySpan<byte> received, int position, int row)
    {
        var place = 0;
        for (var i = 0; i < columns && place < plan.Tokens.Length; i++)
        {
            if (position >= received.Length) return false;
            var isNull = received[position] == ReplyCode.Null;
            var (length, size) = (0L, 1);
            if (!isNull && (!LengthEncoded.TryRead(received[position..], out length, out size) || length > received.Length - position - size)) return false;
            position += size;
            Note(plan, ref place, i, row, position, isNull ? -1 : (int)length);
            position += (int)length;
        }

        return place == plan.Tokens.Length;
    }

    private bool TryBinary(MySqlMaskPlan plan, ReadOnlySpan<MySqlFieldType> types, ReadOnlySpan<byte> received, int position, int row)
    {
        var bitmapBytes = (types.Length + 7 + BitmapOffset) / 8;
        if (received.Length - position < 1 + bitmapBytes || received[position] != ReplyCode.Ok) return false;
        var nulls = received.Slice(position + 1, bitmapBytes);
        position += 1 + bitmapBytes;
        var place = 0;
        for (var i = 0; i < types.Length && place < plan.Tokens.Length; i++)
        {
            var bit = i + BitmapOffset;
            var isNull = (nulls[bit >> 3] & (1 << (bit & 7))) != 0;
            var (size, length) = (0, 0);
            if (!isNull && !BinaryValue.TryMeasure(types[i], received[position..], out size, out length)) return false;
            position += size;
            Note(plan, ref place, i, row, position, isNull ? -1 : length);
            position += length;
        }

        return place == plan.Tokens.Length;
    }

    private void Note(MySqlMaskPlan plan, ref int place, int column, int row, int start, int length)
    {
        if (plan.Tokens[place].Column == column) _values[(place++ * RowsMax) + row] = new ValueRange(start, length);
    }
}
