using System.Buffers;
using System.Security.Cryptography;

namespace Proxy.Protocols.Secrets;

/// <summary>What a secret is written into, as a part of something longer (JSON): memory that never moves, and that is cleared when it becomes too small and when this is disposed.</summary>
public sealed class SecretWriter : IBufferWriter<byte>, IDisposable
{
    private const int InitialBytes = 1024;

    private byte[] _buffer = [];
    private int _length;

    /// <summary>What has been written so far; not to be used once this is disposed.</summary>
    public ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, _length);

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        EnsureRoom(Math.Max(sizeHint, 1));
        return _buffer.AsMemory(_length);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _buffer.Length - _length);
        _length += count;
    }

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_buffer); // Also what was lent and never counted as written.
        (_buffer, _length) = ([], 0);
    }

    public override string ToString() => $"({_length} secret bytes)";

    private void EnsureRoom(int bytes)
    {
        if (_buffer.Length - _length >= bytes)
            return;
        var bigger = SecretBytes.New(Math.Max(Math.Max(InitialBytes, 2 * _buffer.Length), _length + bytes));
        _buffer.AsSpan(0, _length).CopyTo(bigger);
        CryptographicOperations.ZeroMemory(_buffer);
        _buffer = bigger;
    }
}
