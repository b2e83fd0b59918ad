using Proxy.Core.Masking;
using Proxy.Core.Masking.Postgres;
using Proxy.Protocols.Buffers;

namespace Proxy.Protocols.Postgres.Copy;

/// <summary>Where a row of COPY is written and its values are read, masked and kept meanwhile. One per session.</summary>
public sealed class CopyRowBuffers : IDisposable
{
    private readonly RowScratch _row = new();
    private readonly RowScratch _value = new();
    private readonly RowScratch _masked = new();
    private int _length;
    private int _valueLength;

    public ReadOnlySpan<byte> Row => _row.Row(_length).Span;

    /// <summary>The value that was read last.</summary>
    public ReadOnlySpan<byte> Value => _value.Buffer[.._valueLength];

    public void BeginRow() => _length = 0;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _row.Buffer.Length - _length)
            _row.Grow(Math.Max(_length + bytes.Length, 2 * _row.Buffer.Length), _length);
        bytes.CopyTo(_row.Buffer[_length..]);
        _length += bytes.Length;
    }

    public void Append(byte value) => Append([value]);

    /// <summary>Room for a value that is not longer than <paramref name="size"/> once its escapes are gone.</summary>
    public void BeginValue(int size)
    {
        _value.Grow(size, kept: 0);
        _valueLength = 0;
    }

    public void AppendToValue(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_value.Buffer[_valueLength..]);
        _valueLength += bytes.Length;
    }

    public void AppendToValue(byte value) => _value.Buffer[_valueLength++] = value;

    /// <summary>The masked form of the value, without the escapes of COPY; false for NULL.</summary>
    public bool TryMask(in ColumnMask mask, out ReadOnlySpan<byte> masked)
    {
        var value = _value.Buffer[.._valueLength];
        var room = _masked.Value;
        int length;
        while (!ValueMasker.TryMask(mask, value, room, out length))
        {
            if (room.Length >= DataRowMasker.ArrayBytesMax)
            {
                ValueMasker.TryMask(mask with { Kind = MaskKind.Redact }, value, room, out length);
                break;
            }
            _masked.Grow(2 * room.Length, kept: 0);
            room = _masked.Buffer;
        }
        masked = room[..Math.Max(0, length)];
        return length != ValueMasker.Null;
    }

    public void Dispose()
    {
        _row.Dispose();
        _value.Dispose();
        _masked.Dispose();
    }

    public override string ToString() => "buffers of a COPY";
}
