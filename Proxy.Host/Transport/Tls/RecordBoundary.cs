namespace Proxy.Host.Transport.Tls;

/// <summary>Follows TLS records (RFC 8446 §5.1: type, two bytes of version, two of length) through bytes that come in pieces.</summary>
internal struct RecordBoundary
{
    private const int HeaderBytes = 5;
    private const int LengthAt = 3;

    private int _inHeader;
    private int _length;
    private int _body;

    /// <summary>How many bytes come at least until the end of the record: up to the end of its header while its length is not known.</summary>
    public readonly int Left => _inHeader < HeaderBytes ? HeaderBytes - _inHeader : _body;

    /// <param name="bytes">Not more than <see cref="Left"/>.</param>
    public void Pass(ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes.Length, Left);
        if (_inHeader == HeaderBytes)
        {
            _body -= bytes.Length;
        }
        else
        {
            foreach (var next in bytes)
            {
                if (_inHeader >= LengthAt)
                    _length = (_length << 8) | next;
                _inHeader++;
            }
            _body = _length;
        }
        if (_inHeader == HeaderBytes && _body == 0)
            this = default;
    }
}
