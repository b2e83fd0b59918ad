using System.Buffers.Binary;
using Proxy.Core.Masking;
using Proxy.Core.Masking.Postgres;

namespace Proxy.Protocols.Postgres;

/// <summary>
/// A DataRow that is too long to be held, redacted while it streams. Its length is on the wire before its values are here, so every masked value
/// keeps its length; nothing else is known to be safe at that point (design §5). Rewrites in place; one per session.
/// </summary>
internal sealed class OversizedRow
{
    private MaskPlan _plan = MaskPlan.Everything;
    private LengthPreservingRedactor _redactor;
    private int _remaining;
    private int _column;
    private int _columns;
    private int _valueLength;
    private int _valueOffset;
    private bool _isValueShown;

    /// <summary>Whether a row is under way.</summary>
    public bool IsActive => _remaining > 0;

    /// <summary>Begins with the body of a row; the header has been forwarded.</summary>
    public void Begin(MaskPlan plan, int bodyLength)
    {
        _plan = plan;
        _remaining = bodyLength;
        _column = _columns = -1;
        _valueLength = _valueOffset = 0;
    }

    /// <summary>
    /// Redacts what can be redacted of the next bytes and says how many those were; the rest has to be offered again with more behind it. False
    /// when the row is malformed, or has a value that no redaction of its length exists for: then the session must end.
    /// </summary>
    public bool TryTake(Span<byte> received, out int taken)
    {
        taken = 0;
        var available = received[..Math.Min(received.Length, _remaining)];
        while (true)
        {
            if (_valueOffset < _valueLength)
            {
                var part = available[taken..];
                part = part[..Math.Min(part.Length, _valueLength - _valueOffset)];
                if (!_isValueShown) _redactor.Fill(_valueOffset, part);
                _valueOffset += part.Length;
                taken += part.Length;
                if (_valueOffset < _valueLength) break;
            }

            if (_columns < 0)
            {
                if (available.Length - taken < sizeof(short)) break;
                _columns = BinaryPrimitives.ReadInt16BigEndian(available[taken..]);
                if (_columns <= 0 || (_plan.ColumnCount != MaskPlan.AnyColumnCount && _plan.ColumnCount != _columns)) return false;
                taken += sizeof(short);
                _column = 0;
                continue;
            }

            if (_column == _columns || available.Length - taken < sizeof(int)) break;
            if (!TryBeginValue(BinaryPrimitives.ReadInt32BigEndian(available[taken..]), _remaining - taken - sizeof(int))) return false;
            taken += sizeof(int);
        }

        _remaining -= taken;
        // Bytes behind the last column belong to no value.
        return _column < _columns || _columns < 0 || _valueOffset < _valueLength || _remaining == 0;
    }

    private bool TryBeginValue(int length, int rest)
    {
        var mask = _plan[_column++];
        if (length > rest || length < -1) return false;
        _valueLength = Math.Max(length, 0);
        _valueOffset = 0;
        _isValueShown = mask.Kind is MaskKind.Show;
        return _valueLength == 0 || _isValueShown || LengthPreservingRedactor.TryCreate(mask, length, out _redactor);
    }
}
