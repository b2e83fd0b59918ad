using System.Buffers.Binary;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Proxy.Host.Transport.Tls;

namespace Proxy.Host.Evidence.Streaming;

/// <summary>
/// Syslog over one connection, TLS unless that was waived. The protocol has no acknowledgement: a batch counts as acknowledged when the receiver's
/// machine has confirmed every byte of it, which TCP tells. A receiver that dies loses what its machine had taken and it had not read: so what was sent
/// in the last seconds is kept, and sent again on the next connection. What a receiver loses after that is its own; a position set back sends it again.
/// </summary>
internal sealed class SyslogSink(string host, int port, ClientTls? tls) : IRecordSink
{
    /// <summary>IPPROTO_TCP and TCP_INFO of Linux.</summary>
    private const int Tcp = 6;
    private const int TcpInfo = 11;

    /// <summary>Places in tcp_info (include/uapi/linux/tcp.h): segments on their way, and bytes not sent yet.</summary>
    private const int UnackedAt = 24;
    private const int NotSentAt = 144;
    private const int TcpInfoBytes = 192;

    private static readonly TimeSpan AcknowledgementInterval = TimeSpan.FromMilliseconds(5);

    private static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(10);
    private const int UnsettledMax = 4096;

    private readonly Queue<(long SentAt, byte[] Message)> _unsettled = new();
    private Socket? _socket;
    private Stream? _stream;

    public byte[] Format(in StreamedRecord record) => SyslogMessage.Of(record, Environment.MachineName, Environment.ProcessId);

    public async Task SendAsync(IReadOnlyList<byte[]> messages, CancellationToken cancellationToken)
    {
        try
        {
            var isNew = !IsConnected;
            var stream = isNew ? await ConnectAsync(cancellationToken) : _stream!;
            if (isNew)
                foreach (var (_, message) in _unsettled)
                    await stream.WriteAsync(message, cancellationToken);
            foreach (var message in messages)
                await stream.WriteAsync(message, cancellationToken);
            await stream.FlushAsync(cancellationToken);
            while (!IsAcknowledged(_socket!))
                await Task.Delay(AcknowledgementInterval, TimeProvider.System, cancellationToken);
            Keep(messages);
        }
        catch (Exception failure)
        {
            await CloseAsync();
            if (failure is SocketException or AuthenticationException or ServerCertificateException or ObjectDisposedException)
                throw new IOException(failure.Message, failure);
            throw;
        }
    }

    public ValueTask DisposeAsync() => CloseAsync();

    /// <summary>A receiver that has gone says so by ending its side: what is written then is lost without an error.</summary>
    private bool IsConnected => _stream is not null && !(_socket!.Poll(0, SelectMode.SelectRead) && _socket.Available == 0);

    private void Keep(IReadOnlyList<byte[]> messages)
    {
        var now = TimeProvider.System.GetTimestamp();
        foreach (var message in messages)
            _unsettled.Enqueue((now, message));
        while (_unsettled.TryPeek(out var oldest) && (_unsettled.Count > UnsettledMax || TimeProvider.System.GetElapsedTime(oldest.SentAt, now) > SettleTime))
            _unsettled.Dequeue();
    }

    private async Task<Stream> ConnectAsync(CancellationToken cancellationToken)
    {
        await CloseAsync();
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _socket = socket;
        await socket.ConnectAsync(host, port, cancellationToken);
        Stream stream = new NetworkStream(socket, ownsSocket: true);
        _stream = stream;
        if (tls is null) return stream;
        var secure = new SslStream(stream);
        _stream = secure;
        await secure.AuthenticateAsClientAsync(tls.Options, cancellationToken);
        return secure;
    }

    private static bool IsAcknowledged(Socket socket)
    {
        if (socket.Poll(0, SelectMode.SelectError) || (socket.Poll(0, SelectMode.SelectRead) && socket.Available == 0))
            throw new IOException("the receiver closed the connection");
        if (!OperatingSystem.IsLinux()) return true;
        Span<byte> information = stackalloc byte[TcpInfoBytes];
        var length = socket.GetRawSocketOption(Tcp, TcpInfo, information);
        return length < UnackedAt + sizeof(uint)
            || (BinaryPrimitives.ReadUInt32LittleEndian(information[UnackedAt..]) == 0
                && (length < NotSentAt + sizeof(uint) || BinaryPrimitives.ReadUInt32LittleEndian(information[NotSentAt..]) == 0));
    }

    private async ValueTask CloseAsync()
    {
        if (_stream is not null) await _stream.DisposeAsync();
        _socket?.Dispose();
        (_stream, _socket) = (null, null);
    }
}
