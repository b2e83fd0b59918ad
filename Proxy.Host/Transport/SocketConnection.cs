using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Proxy.Host.Transport.Tls;
using Proxy.Protocols;

namespace Proxy.Host.Transport;

/// <summary>One leg over one socket: plaintext first, TLS from the upgrade on, the same on both sides of the gateway.</summary>
public sealed class SocketConnection : IConnection
{
    // Room for one receive. Clients' bytes are few, and their buffers pinned; servers' answers can be long.
    private const int ClientReceiveBytes = 16 * 1024;
    private const int ReceiveBytes = 32 * 1024;
    private const int RecordsReceiveBytes = 64 * 1024; // A whole receive of RecordStream's, several records.

    // Closing over unread data sends RST, which makes the peer drop our last message. This much is read away first.
    private const int LingerBytesMax = 256 * 1024;

    private readonly Socket _socket;
    private readonly SocketStream _socketStream;
    private readonly SocketConnectionOptions _options;
    private readonly ConnectionSweeper _sweeper;
    private SslStream? _tls;
    private RecordStream? _records;
    private bool _releasesBuffers;
    private int _end;
    private int _disposed;

    /// <param name="socket">Connected.</param>
    /// <param name="options">Limits and TLS.</param>
    /// <param name="sweeper">Who looks for idle connections; null: the process's own.</param>
    /// <param name="client">Whom a load balancer says that it speaks for; null: the peer itself.</param>
    public SocketConnection(Socket socket, SocketConnectionOptions options, ConnectionSweeper? sweeper = null, EndPoint? client = null)
    {
        _socket = socket;
        _options = options;
        _sweeper = sweeper ?? ConnectionSweeper.Shared;
        _socketStream = new SocketStream(socket);
        RemoteEndPoint = client ?? socket.RemoteEndPoint;
        Configure(socket, options);
        Reader = new ConnectionReader(_socketStream, ReceiveBytes, options.FrameBytesMax, NoteEnd);
        Writer = new ConnectionWriter(_socketStream, options.UnsentBytesMax, NoteEnd, Abort);
        _sweeper.Add(this);
    }

    public EndPoint? RemoteEndPoint { get; }

    public bool MoreFollows
    {
        get => _socketStream.MoreFollows;
        set => _socketStream.MoreFollows = value;
    }

    public PipeReader Input => Reader;

    public PipeWriter Output => Writer;

    public bool IsEncrypted => _tls is not null;

    public ConnectionEnd End => (ConnectionEnd)Volatile.Read(ref _end);

    public string? TlsServerName { get; private set; }

    public X509Certificate2? EndPointCertificate { get; private set; }

    public X509Certificate2? ClientCertificate { get; private set; }

    /// <summary>The connection ends when nothing was received or sent for so long. May be changed at any time, for instance after sign-in.</summary>
    public TimeSpan? IdleTimeout { get; set; }

    /// <summary>Of the handshake: protocol version, cipher suite, whether a session was resumed. For the log and for tests.</summary>
    public SslStream? Tls => _tls;

    /// <summary>Whether records are made by OpenSSL itself, without SslStream.</summary>
    internal bool HasDirectRecords => _records is not null;

    /// <summary>Whether memory of TLS's is held for records that have come.</summary>
    internal bool HoldsReceived => _records is { HoldsReceived: true };

    /// <summary>Bytes that have come and nobody has received.</summary>
    internal int Available => _socket.Available;

    internal ConnectionReader Reader { get; }

    internal ConnectionWriter Writer { get; }

    internal ConnectionActivity Activity { get; } = new();

    internal TimeSpan? SendTimeout => _options.SendTimeout;

    public async ValueTask UpgradeAsServerAsync(bool directTls, CancellationToken cancellationToken)
    {
        var tls = await BecomeServerAsync(bytesAllowed: directTls, cancellationToken);
        if (directTls && tls.NegotiatedApplicationProtocol != ServerTls.ApplicationProtocol)
            throw new TlsHandshakeException(TlsHandshakeFailure.ApplicationProtocolMissing, "Direct TLS needs the ALPN protocol postgresql");
    }

    public async ValueTask UpgradeAsServerBehindRequestAsync(CancellationToken cancellationToken) =>
        await BecomeServerAsync(bytesAllowed: true, cancellationToken);

    private async Task<SslStream> BecomeServerAsync(bool bytesAllowed, CancellationToken cancellationToken)
    {
        var settings = _options.ServerTls
            ?? throw new TlsHandshakeException(TlsHandshakeFailure.NotConfigured, "TLS is not configured for this listener");
        var identity = settings.Current;
        HandOverToTls(bytesAllowed);
        var tls = await HandshakeAsync((stream, deadline) => stream.AuthenticateAsServerAsync(identity.Options, deadline), ClientReceiveBytes, cancellationToken);
        // Clients send tokens and passwords, and servers do not.
        RecordBuffers.TryCleanse(tls);
        Reader.GuardSecrets(_socketStream.Plaintext = _records is null ? new TlsPlaintext() : null);
        EndPointCertificate = identity.Certificate;
        ClientCertificate = identity.Options.ClientCertificateRequired ? tls.RemoteCertificate as X509Certificate2 : null;
        TlsServerName = tls.TargetHostName is { Length: > 0 } name ? name : null;
        return tls;
    }

    public async ValueTask UpgradeAsClientAsync(CancellationToken cancellationToken)
    {
        var settings = _options.ClientTls
            ?? throw new TlsHandshakeException(TlsHandshakeFailure.NotConfigured, "TLS is not configured for this target");
        HandOverToTls(bytesAllowed: false);
        var tls = await HandshakeAsync((stream, deadline) => stream.AuthenticateAsClientAsync(settings.Options, deadline), RecordsReceiveBytes, cancellationToken);
        EndPointCertificate = tls.RemoteCertificate as X509Certificate2;
    }

    public void Abort() => Abort(ConnectionEnd.Aborted);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        _sweeper.Remove(this);
        if (End is ConnectionEnd.None or ConnectionEnd.PeerClosed && !Writer.IsSending)
            await OffSocketThread.Await(SayGoodbyeAsync());
        NoteEnd(ConnectionEnd.Aborted);
        _socket.Dispose();
        Reader.Complete();
        Writer.Complete();
        if (_records is not null)
            await _records.DisposeAsync();
        else if (_tls is not null)
            await _tls.DisposeAsync();
        _socketStream.Plaintext?.Clear();
    }

    internal void Abort(ConnectionEnd reason)
    {
        NoteEnd(reason);
        _socket.Close(timeout: 0); // RST: what the kernel still holds for a peer that does not read is dropped.
    }

    /// <summary>The sweeper's: record buffers are given back after each use until the connection turns out to be busy, and again when it no longer is.</summary>
    internal void TendBuffers()
    {
        if (_tls is { } tls && Activity.IsSparse != _releasesBuffers)
            _releasesBuffers = RecordBuffers.TryRelease(tls, Activity.IsSparse) && Activity.IsSparse;
    }

    private static void Configure(Socket socket, SocketConnectionOptions options)
    {
        socket.Blocking = false; // For SocketStream.TryRead.
        if (socket.ProtocolType is not ProtocolType.Tcp)
            return;
        socket.NoDelay = true;
        if (options.KeepAlive is not { } keepAlive)
            return;
        var seconds = Math.Max(1, (int)keepAlive.TotalSeconds);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, seconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, Math.Max(1, seconds / 6));
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 5);
    }

    private void NoteEnd(ConnectionEnd end) => Interlocked.CompareExchange(ref _end, (int)end, (int)ConnectionEnd.None);

    private void HandOverToTls(bool bytesAllowed)
    {
        if (_tls is not null)
            throw new InvalidOperationException("The connection is encrypted already");
        var received = Reader.TakeUnconsumed();
        if (received.Length == 0)
            return;
        if (!bytesAllowed)
            throw new BytesBeforeTlsException(received.Length);
        _socketStream.HandBack(received);
    }

    private async Task<SslStream> HandshakeAsync(
        Func<SslStream, CancellationToken, Task> authenticate, int receiveBytes, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(_options.HandshakeTimeout);
        var tls = new SslStream(_socketStream, leaveInnerStreamOpen: true);
        _socketStream.IsShakingHands = true;
        try
        {
            await OffSocketThread.Run(() => authenticate(tls, deadline.Token));
        }
        catch (Exception e) when (TlsFailures.Of(e, deadline.Token, cancellationToken) is { } failure)
        {
            await tls.DisposeAsync();
            throw failure;
        }
        finally
        {
            _socketStream.IsShakingHands = false;
        }
        _releasesBuffers = RecordBuffers.TryRelease(tls, release: true);
        _tls = tls;
        _records = await RecordStream.TryTakeOverAsync(tls, _socketStream);
        Reader.ReadFrom(_records ?? (Stream)tls, receiveBytes);
        Writer.WriteTo(_records ?? (Stream)tls);
        return tls;
    }

    private async Task SayGoodbyeAsync()
    {
        using var deadline = new CancellationTokenSource(_options.CloseTimeout);
        using var giveUp = deadline.Token.UnsafeRegister(static connection => ((SocketConnection)connection!).Abort(), this);
        try
        {
            if (_records is not null)
                await _records.ShutdownAsync();
            else if (_tls is not null)
                await _tls.ShutdownAsync();
            _socket.Shutdown(SocketShutdown.Send);
            if (End is ConnectionEnd.None && _socket.Available > 0)
                await ReadAwayAsync();
        }
        catch (Exception e) when (ConnectionEnding.Of(e) is not ConnectionEnd.None || e is InvalidOperationException or NotSupportedException)
        {
            // The peer was faster, or a read or write of the session is still in flight in TLS. A goodbye is a courtesy.
        }
    }

    private async Task ReadAwayAsync()
    {
        var scratch = new byte[4096];
        for (var read = 0; read < LingerBytesMax;)
        {
            var received = await _socket.ReceiveAsync(scratch, SocketFlags.None);
            if (received == 0)
                return;
            read += received;
        }
    }
}
