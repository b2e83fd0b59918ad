using Proxy.Protocols.Buffers;

namespace Proxy.Protocols.Postgres.Messages;

/// <summary>The parameters of a Bind that was decoded, one after the other.</summary>
public ref struct BoundParameters
{
    private readonly ReadOnlySpan<byte> _formats;
    private WireReader _reader;

    public BoundParameters(ReadOnlySpan<byte> parameters)
    {
        _reader = new WireReader(parameters);
        var formats = (ushort)_reader.ReadInt16();
        _formats = _reader.ReadBytes(formats * sizeof(short));
        Count = (ushort)_reader.ReadInt16();
        HeaderLength = _reader.Position;
    }

    public int Count { get; }

    /// <summary>Bytes before the first value: formats and count.</summary>
    public int HeaderLength { get; }

    /// <summary>Counted from 1; 0 before the first.</summary>
    public int Number { get; private set; }

    public bool IsNull { get; private set; }

    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>No format means text for all, one the same for all.</summary>
    public readonly bool IsBinary => _formats.Length switch
    {
        0 => false,
        sizeof(short) => _formats[1] == 1,
        _ => 2 * Number <= _formats.Length && _formats[(2 * Number) - 1] == 1,
    };

    public bool MoveNext()
    {
        if (Number >= Count) return false;
        Number++;
        var length = _reader.ReadInt32();
        IsNull = length < 0;
        Value = IsNull ? default : _reader.ReadBytes(length);
        return true;
    }
}
