using System.Buffers;

namespace Proxy.Protocols.MySql;

/// <summary>
/// Values of parameters that a client sends in pieces, ahead of the execution. They are kept here: the server gets them with the execution, once
/// that has been decided on and recorded with them.
/// </summary>
internal sealed class LongData
{
    private readonly Dictionary<int, ArrayBufferWriter<byte>> _values = [];

    public int Bytes { get; private set; }

    /// <summary>More was sent than may be kept: the execution is refused.</summary>
    public bool IsOverLimit { get; private set; }

    public void Append(int parameter, ReadOnlySpan<byte> piece, int bytesMax)
    {
        if (IsOverLimit || Bytes + (long)piece.Length > bytesMax)
        {
            IsOverLimit = true;
            _values.Clear();
            return;
        }

        Bytes += piece.Length;
        if (!_values.TryGetValue(parameter, out var value)) _values[parameter] = value = new ArrayBufferWriter<byte>(Math.Max(256, piece.Length));
        value.Write(piece);
    }

    public bool TryGet(int parameter, out ReadOnlySpan<byte> value)
    {
        var has = _values.TryGetValue(parameter, out var writer);
        value = has ? writer!.WrittenSpan : default;
        return has;
    }

    public IEnumerable<int> Parameters => _values.Keys;

    public override string ToString() => $"{Bytes} bytes for {_values.Count} parameters";
}
