using System.Buffers.Binary;

namespace Proxy.Core.Journal.Replication;

/// <summary>Takes frames from a stream: a 4-byte length, the kind, and as many bytes of body as the length says. One reader for each direction.</summary>
internal sealed class ReplicaFrameReader(Stream stream)
{
    public const int HeadBytes = sizeof(int) + 1;

    /// <summary>The longest record of the largest permitted size, with room for what is around it.</summary>
    public const int BodyBytesMax = 80 * 1024 * 1024;

    private const int BufferBytes = 512 * 1024;

    private byte[] _buffer = new byte[BufferBytes];
    private int _from;
    private int _filled;

    public ReplicaFrameKind Kind { get; private set; }

    /// <summary>Valid until the next frame is read.</summary>
    public ReadOnlyMemory<byte> Body { get; private set; }

    /// <summary>Whether the next frame is here already.</summary>
    public bool HasNext => _filled - _from is var here && here >= HeadBytes && here >= HeadBytes + LengthAt(_from);

    /// <summary>Waits for the next frame; false when the other end has closed between two.</summary>
    /// <exception cref="IOException">The connection broke, or what came is no frame.</exception>
    public bool Read()
    {
        if (!Fill(HeadBytes, mayEnd: true))
            return false;
        int length = LengthAt(_from);
        if (length is < 0 or > BodyBytesMax)
            throw new ReplicaProtocolException("What came is no frame of the replication protocol.");
        Fill(HeadBytes + length, mayEnd: false);
        Kind = (ReplicaFrameKind)_buffer[_from + sizeof(int)];
        Body = _buffer.AsMemory(_from + HeadBytes, length);
        _from += HeadBytes + length;
        return true;
    }

    private bool Fill(int bytes, bool mayEnd)
    {
        if (_from == _filled)
            _from = _filled = 0;
        if (_from + bytes > _buffer.Length)
            MakeRoom(bytes);
        while (_filled - _from < bytes)
        {
            int read = stream.Read(_buffer, _filled, _buffer.Length - _filled);
            if (read == 0 && mayEnd && _filled == _from)
                return false;
            if (read == 0)
                throw new ReplicaProtocolException("The connection ended in the middle of a frame.");
            _filled += read;
        }
        return true;
    }

    private void MakeRoom(int bytes)
    {
        byte[] target = bytes > _buffer.Length ? new byte[bytes] : _buffer;
        _buffer.AsSpan(_from, _filled - _from).CopyTo(target);
        _filled -= _from;
        _from = 0;
        _buffer = target;
    }

    private int LengthAt(int offset) => BinaryPrimitives.ReadInt32LittleEndian(_buffer.AsSpan(offset));
}
