using System.Buffers;
using System.Net.Security;
using System.Runtime.CompilerServices;

namespace Proxy.Host.Transport.Tls;

/// <summary>
/// A TLS connection whose handshake SslStream has made, and whose records OpenSSL makes directly. SslStream goes on owning the connection and says everything
/// about it; what it does for each record costs more than the record: its two memory BIOs copy every byte twice more in each direction, a read gives one record at
/// most, and each of its calls goes through an asynchronous method and three of OpenSSL's. Here a read decrypts whatever has come as far as there is
/// room, and a write makes all records of its bytes for one send. One reader and one writer at a time.
/// </summary>
internal sealed class RecordStream : AsyncStream, INonBlockingReads
{
    /// <summary>Room for what one receive brings.</summary>
    private const int ReceiveBytes = 64 * 1024;

    /// <summary>What OpenSSL may still have of a record that was not whole (RFC 8446 §5.1: 2^14 bytes).</summary>
    private const int RecordBytesMax = 16 * 1024;

    /// <summary>As much as becomes records for one send.</summary>
    private const int WriteBytesMax = 64 * 1024;

    private readonly SslStream _tls;
    private readonly SocketStream _socket;
    private readonly RecordLayer _records;
    private byte[]? _received; // Rented while something in it has not been taken.
    private int _start;
    private int _end;
    private volatile bool _isWriting;

    private RecordStream(SslStream tls, SocketStream socket, RecordLayer records)
    {
        _tls = tls;
        _socket = socket;
        _records = records;
        var ahead = socket.TakeAhead();
        if (ahead.IsEmpty)
            return;
        _received = ArrayPool<byte>.Shared.Rent(ahead.Length);
        ahead.CopyTo(_received);
        _end = ahead.Length;
    }

    /// <summary>Whether a buffer is held for what has come.</summary>
    internal bool HoldsReceived => _received is not null;

    private bool HasNews => _start < _end || _records.HasNews;

    /// <summary>Null where SslStream has to do it all by itself.</summary>
    /// <param name="tls">Behind its handshake, of which <paramref name="socket"/> has given it the records and nothing more. From now on it is this stream's.</param>
    /// <param name="socket">Below it.</param>
    public static async ValueTask<RecordStream?> TryTakeOverAsync(SslStream tls, SocketStream socket)
    {
        if (RecordLayer.TryTakeOver(tls) is not { } records)
            return null;
        // SslStream gives back its buffer of 8 KiB at the end of a read, and would have none to do ever again.
        socket.PretendsEnd = true;
        try
        {
            _ = await tls.ReadAsync(new byte[1]);
        }
        catch
        {
            records.Dispose();
            throw;
        }
        finally
        {
            socket.PretendsEnd = false;
        }
        return new RecordStream(tls, socket, records);
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        !buffer.IsEmpty ? WaitAndReadAsync(buffer, cancellationToken) : HasNews ? default : _socket.ReadAsync(buffer, cancellationToken);

    /// <summary>Half a record holds no buffer of ours: what came is in OpenSSL's.</summary>
    public bool TryRead(Span<byte> buffer, out int count)
    {
        if (HasNews && TryDecrypt(buffer, out count))
            return true;
        while (true)
        {
            if (!TryReceive(buffer.Length, out var received))
            {
                ReturnReceived();
                count = 0;
                return false;
            }
            if (TryTake(received, buffer, out count))
                return true;
        }
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.Length > WriteBytesMax)
            return WriteLongAsync(buffer, cancellationToken);
        var records = ArrayPool<byte>.Shared.Rent(RecordLayer.RecordsMax(buffer.Length));
        var length = _records.Write(buffer.Span, records);
        _isWriting = true;
        var send = _socket.WriteAsync(records.AsMemory(0, length), cancellationToken);
        if (!send.IsCompletedSuccessfully)
            return SendAsync(send, records);
        _isWriting = false;
        ArrayPool<byte>.Shared.Return(records);
        return default;
    }

    /// <summary>Says goodbye. Only while nothing is being written.</summary>
    public async ValueTask ShutdownAsync(CancellationToken cancellationToken = default)
    {
        if (_isWriting)
            throw new InvalidOperationException("Something is being written");
        if (_records.Conclude() is { Length: > 0 } last)
            await _socket.WriteAsync(last, cancellationToken);
    }

    public override async ValueTask DisposeAsync()
    {
        _records.Dispose();
        await _tls.DisposeAsync();
        await base.DisposeAsync();
    }

    /// <summary>
    /// No more than there is room for when it is decrypted: what is left over of a record would be read, relayed and sent for itself (measured: with 64 KiB of
    /// room every second send was of one row).
    /// </summary>
    private bool TryReceive(int room, out int received)
    {
        _received ??= ArrayPool<byte>.Shared.Rent(ReceiveBytes);
        return _socket.TryRead(_received.AsSpan(0, Math.Clamp(room - RecordBytesMax, RecordBytesMax, ReceiveBytes)), out received);
    }

    /// <summary>False when what has come is not a whole record.</summary>
    private bool TryTake(int received, Span<byte> buffer, out int count)
    {
        (_start, _end) = (0, received);
        if (received > 0)
            return TryDecrypt(buffer, out count);
        // The peer has closed, with close_notify or without: what a message lacks is found by whoever reads messages.
        ReturnReceived();
        count = 0;
        return true;
    }

    private bool TryDecrypt(Span<byte> buffer, out int count)
    {
        var rest = new ReadOnlySpan<byte>(_received, _start, _end - _start);
        var isRead = _records.TryRead(ref rest, buffer, out count);
        _start = _end - rest.Length;
        if (rest.IsEmpty)
            ReturnReceived();
        return isRead;
    }

    private async ValueTask<int> WaitAndReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        int count;
        while (!TryRead(buffer.Span, out count))
            _ = await _socket.ReadAsync(Memory<byte>.Empty, cancellationToken);
        return count;
    }

    private async ValueTask WriteLongAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        for (; buffer.Length > WriteBytesMax; buffer = buffer[WriteBytesMax..])
            await WriteAsync(buffer[..WriteBytesMax], cancellationToken);
        await WriteAsync(buffer, cancellationToken);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask SendAsync(ValueTask send, byte[] records)
    {
        try
        {
            await send;
        }
        finally
        {
            _isWriting = false;
            ArrayPool<byte>.Shared.Return(records);
        }
    }

    /// <summary>It holds nothing but what went over the wire.</summary>
    private void ReturnReceived()
    {
        if (_received is not { } received)
            return;
        _received = null;
        _start = _end = 0;
        ArrayPool<byte>.Shared.Return(received);
    }
}
