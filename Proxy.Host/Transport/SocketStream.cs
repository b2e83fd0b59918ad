using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Proxy.Host.Transport.Tls;

namespace Proxy.Host.Transport;

/// <summary>
/// The bytes of one socket as a stream, below TLS or alone. A read of zero bytes waits until something can be received, so that nobody has to
/// hold a buffer while the peer is silent. On Linux that wait costs no system call more than the receive that would have waited instead: both
/// start with one recv that finds nothing, and the completion of a zero-byte read does not call recv at all.
/// </summary>
public sealed class SocketStream(Socket socket) : AsyncStream, INonBlockingReads
{
    /// <summary>A ClientHello, or the longest flight of a server with its certificates, mostly fits.</summary>
    private const int HandshakeBytes = 4 * 1024;

    private ReadOnlyMemory<byte> _ahead; // Received, and read by nobody yet.
    private RecordBoundary _boundary;
    private bool _moreIsLikely;

    /// <summary>
    /// While set, what waits for a read resumes on the pool, because a handshake computes for a millisecond where a socket thread has microseconds; and a read ends
    /// where a TLS record ends, so that what lies behind the handshake is not taken into it.
    /// </summary>
    public bool IsShakingHands { get; set; }

    /// <summary>While set, a read finds the end and takes nothing.</summary>
    internal bool PretendsEnd { get; set; }

    /// <summary>See <see cref="Proxy.Protocols.IConnection.MoreFollows"/>.</summary>
    public bool MoreFollows { get; set; }

    /// <summary>What of TLS's buffers has to be cleared; null while nothing secret is received.</summary>
    internal TlsPlaintext? Plaintext { get; set; }

    /// <summary>Puts bytes that were received already in front of those to come (direct TLS: the ClientHello was looked at).</summary>
    public void HandBack(ReadOnlyMemory<byte> received) => _ahead = received;

    /// <summary>Takes what was received and read by nobody.</summary>
    public ReadOnlyMemory<byte> TakeAhead()
    {
        var ahead = _ahead;
        _ahead = default;
        return ahead;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (PretendsEnd)
            return default;
        if (!_ahead.IsEmpty)
            return new ValueTask<int>(TakeAhead(buffer));
        if (IsShakingHands)
            return ReceiveRecordAsync(buffer, cancellationToken);
        if (buffer.IsEmpty)
        {
            // After a receive that filled its buffer there is almost surely more: asking first would be a system call for nothing.
            return _moreIsLikely ? default : socket.ReceiveAsync(buffer, SocketFlags.None, cancellationToken);
        }
        return ReceiveAsync(buffer, cancellationToken);
    }

    /// <summary>The socket must not be blocking, or this waits.</summary>
    public bool TryRead(Span<byte> buffer, out int count)
    {
        if (!_ahead.IsEmpty)
        {
            count = CopyAhead(buffer);
            return true;
        }
        count = socket.Receive(buffer, SocketFlags.None, out var error);
        _moreIsLikely = count == buffer.Length;
        return error switch
        {
            SocketError.Success => true,
            SocketError.WouldBlock => false,
            _ => throw new SocketException((int)error),
        };
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (MoreFollows && CorkedSend.Send(socket, buffer.Span) is > 0 and var corked)
            return corked == buffer.Length ? default : SendAsync(new ValueTask<int>(corked), buffer, cancellationToken);
        var send = socket.SendAsync(buffer, SocketFlags.None, cancellationToken);
        if (!send.IsCompletedSuccessfully)
            return SendAsync(send, buffer, cancellationToken);
        var sent = send.Result;
        return sent == buffer.Length ? default : SendAsync(new ValueTask<int>(sent), buffer, cancellationToken);
    }

    private ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var receive = socket.ReceiveAsync(buffer, SocketFlags.None, cancellationToken);
        return receive.IsCompletedSuccessfully ? new ValueTask<int>(Note(buffer, receive.Result)) : ReceiveAsync(receive, buffer);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> ReceiveAsync(ValueTask<int> receive, Memory<byte> buffer) => Note(buffer, await receive);

    private int Note(Memory<byte> buffer, int received)
    {
        _moreIsLikely = received == buffer.Length;
        Plaintext?.Received(buffer, received);
        return received;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask SendAsync(ValueTask<int> first, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        var sent = await first;
        while (sent < buffer.Length)
            sent += await socket.SendAsync(buffer[sent..], SocketFlags.None, cancellationToken);
    }

    private async ValueTask<int> ReceiveRecordAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        _moreIsLikely = false;
        if (buffer.IsEmpty)
            return await OffSocketThread.Await(socket.ReceiveAsync(buffer, SocketFlags.None, cancellationToken));
        var room = new byte[HandshakeBytes];
        var received = await OffSocketThread.Await(socket.ReceiveAsync(room.AsMemory(), SocketFlags.None, cancellationToken));
        _ahead = room.AsMemory(0, received);
        return TakeAhead(buffer);
    }

    private int TakeAhead(Memory<byte> buffer)
    {
        var count = CopyAhead(buffer.Span);
        Plaintext?.Received(buffer, count);
        return count;
    }

    private int CopyAhead(Span<byte> buffer)
    {
        var count = Math.Min(buffer.Length, _ahead.Length);
        if (IsShakingHands)
            count = Math.Min(count, _boundary.Left);
        var taken = _ahead.Span[..count];
        taken.CopyTo(buffer);
        if (IsShakingHands)
            _boundary.Pass(taken);
        _ahead = _ahead[count..];
        return count;
    }
}
