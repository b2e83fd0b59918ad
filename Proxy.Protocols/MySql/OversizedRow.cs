using System.Diagnostics;
using Proxy.Core.Masking;
using Proxy.Core.Masking.MySql;
using Proxy.Protocols.MySql.Messages;

namespace Proxy.Protocols.MySql;

/// <summary>
/// A row that is too long to be held, redacted while it streams, over the packets that it takes. Its lengths are on the wire before its values are here, so every
/// masked value keeps its length; nothing else is known to be safe at that point (design §5). Rewrites in place; one per session.
/// </summary>
internal sealed class OversizedRow
{
    private readonly byte[] _prefix = new byte[LengthEncoded.BytesMax];
    private MySqlMaskPlan _plan = MySqlMaskPlan.Everything;
    private MySqlFieldType[] _types = [];
    private MySqlLengthPreservingRedactor _redactor;
    private byte[] _nulls = [];
    private bool _isBinary;
    private int _header;
    private int _prefixBytes;
    private int _column;
    private long _valueLength;
    private long _valueOffset;
    private bool _isValueShown;

    /// <summary>Whether a row is under way.</summary>
    public bool IsActive { get; private set; }

    public void Begin(MySqlMaskPlan plan, MySqlFieldType[] types, bool isBinary)
    {
        _plan = plan;
        _types = types;
        _isBinary = isBinary;
        _nulls = new byte[(types.Length + 9) / 8];
        _header = isBinary ? 1 + _nulls.Length : 0;
        _prefixBytes = _column = 0;
        _valueLength = _valueOffset = 0;
        IsActive = true;
    }

    /// <summary>
    /// Redacts the next bytes of the payload. False when the row is malformed, or has a value that no redaction of its length exists for: then the session
    /// must end.
    /// </summary>
    public bool TryTake(Span<byte> payload)
    {
        while (!payload.IsEmpty)
        {
            if (_header > 0)
            {
                if (!TryHeader(payload[0])) return false;
                payload = payload[1..];
            }
            else if (_valueOffset < _valueLength)
            {
                var part = payload[..(int)Math.Min(payload.Length, _valueLength - _valueOffset)];
                if (!_isValueShown) _redactor.Fill((int)_valueOffset, part);
                _valueOffset += part.Length;
                payload = payload[part.Length..];
            }
            else
            {
                SkipNulls();
                if (_column == _types.Length) return false;
                var fixedLength = _isBinary ? BinaryValue.FixedLength(_types[_column]) : -1;
                if (fixedLength == -2) return false;
                if (fixedLength >= 0)
                {
                    if (!TryBeginValue(fixedLength)) return false;
                    continue;
                }

                if (!TryPrefix(payload[0])) return false;
                payload = payload[1..];
            }
        }

        return true;
    }

    /// <summary>The last packet of the row has been taken. False when the row is not whole.</summary>
    public bool TryEnd()
    {
        SkipNulls();
        IsActive = false;
        return _header == 0 && _prefixBytes == 0 && _valueOffset == _valueLength && _column == _types.Length;
    }

    private bool TryHeader(byte next)
    {
        var at = 1 + _nulls.Length - _header--;
        if (at == 0) return next == ReplyCode.Ok;
        _nulls[at - 1] = next;
        return true;
    }

    private void SkipNulls()
    {
        while (_isBinary && _prefixBytes == 0 && _column < _types.Length && (_nulls[(_column + 2) >> 3] & (1 << ((_column + 2) & 7))) != 0) _column++;
    }

    private bool TryPrefix(byte next)
    {
        if (_prefixBytes == 0 && !_isBinary && next == ReplyCode.Null)
        {
            _column++;
            return true;
        }

        _prefix[_prefixBytes++] = next;
        var size = LengthEncoded.SizeOf(_prefix[0]);
        if (size == 0) return false;
        if (_prefixBytes < size) return true;
        _prefixBytes = 0;
        return LengthEncoded.TryRead(_prefix, out var length, out _) && TryBeginValue(length);
    }

    private bool TryBeginValue(long length)
    {
        Debug.Assert(_valueOffset == _valueLength, "The value before has ended.");
        ref readonly var mask = ref _plan[_column++];
        if (length > int.MaxValue) return false;
        _valueLength = length;
        _valueOffset = 0;
        _isValueShown = mask.Kind is MaskKind.Show;
        return length == 0 || _isValueShown || MySqlLengthPreservingRedactor.TryCreate(mask, (int)length, out _redactor);
    }
}
