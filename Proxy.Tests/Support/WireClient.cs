using System.Buffers.Binary;
using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Proxy.Tests.Support;

/// <summary>
/// A client that sends exactly the bytes it is told to and hands out exactly the frames that come. Every receive has a deadline, so a
/// test that waits for an answer that never comes fails instead of hanging.
/// </summary>
public sealed class WireClient : IAsyncDisposable
{
    private const int FrameBytesMax = 64 << 20;
    private readonly TcpClient _tcp;
    private readonly TimeSpan _deadline;
    private Stream _stream;

    private WireClient(TcpClient tcp, TimeSpan deadline)
    {
        _tcp = tcp;
        _deadline = deadline;
        _stream = tcp.GetStream();
    }

    /// <summary>From BackendKeyData, after <see cref="LogInAsync(ClientEndpoint, int)"/>.</summary>
    public int ProcessId { get; private set; }

    public byte[] SecretKey { get; private set; } = [];

    /// <summary>What the server answered to start-up, from AuthenticationOk to the first ReadyForQuery.</summary>
    public IReadOnlyList<WireFrame> StartupReplies { get; private set; } = [];

    /// <summary>The certificate that the other side presented; null without TLS.</summary>
    public X509Certificate2? ServerCertificate { get; private set; }

    public static async Task<WireClient> ConnectAsync(string host, int port, WireTls tls = WireTls.Requested, TimeSpan? deadline = null)
    {
        var tcp = new TcpClient { NoDelay = true };
        await tcp.ConnectAsync(host, port);
        var client = new WireClient(tcp, deadline ?? TimeSpan.FromSeconds(30));
        if (tls is WireTls.Requested)
        {
            await client.SendAsync(PostgresRequests.SslRequest());
            var answer = await client.ReceiveByteAsync();
            if (answer != 'S')
                throw new InvalidDataException($"SSLRequest was answered with {answer}.");
        }
        if (tls is not WireTls.None)
            await client.HandshakeAsync(host, tls is WireTls.Direct);
        return client;
    }

    /// <summary>Connects over TLS and logs in.</summary>
    public static async Task<WireClient> OpenAsync(ClientEndpoint endpoint, WireTls tls = WireTls.Requested)
    {
        var client = await ConnectAsync(endpoint.Host, endpoint.Port, tls);
        await client.LogInAsync(endpoint);
        return client;
    }

    public Task LogInAsync(ClientEndpoint endpoint, int protocol = PostgresRequests.Protocol30) =>
        LogInAsync(PostgresRequests.Startup(endpoint.User, endpoint.Database, protocol), endpoint.User, endpoint.Password);

    /// <summary>Sends the start-up message and answers what the server asks (nothing, clear text, md5, OAUTHBEARER) until it is ready.</summary>
    public async Task LogInAsync(ReadOnlyMemory<byte> startup, string user, string password)
    {
        await SendAsync(startup);
        var replies = new List<WireFrame>();
        while (true)
        {
            var frame = await ReceiveAsync() ?? throw new EndOfStreamException("The connection ended during start-up.");
            replies.Add(frame);
            switch (frame.Type)
            {
                case WireFrame.ErrorResponse:
                    throw new InvalidOperationException($"Start-up was refused: {frame.Field('C')} {frame.Field('M')}");
                case 'R':
                    await AnswerAsync(frame.Body, user, password);
                    break;
                case 'K':
                    ProcessId = BinaryPrimitives.ReadInt32BigEndian(frame.Body);
                    SecretKey = frame.Body[4..];
                    break;
                case WireFrame.ReadyForQuery:
                    StartupReplies = replies;
                    return;
            }
        }
    }

    /// <summary>Becomes TLS on the connection as it is now.</summary>
    public async Task HandshakeAsync(string host, bool direct)
    {
        var tls = new SslStream(_stream);
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = host,
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { TestCertificates.Shared.Authority },
                RevocationMode = X509RevocationMode.NoCheck,
            },
            ApplicationProtocols = direct ? [new SslApplicationProtocol("postgresql")] : null,
        };
        using var deadline = new CancellationTokenSource(_deadline);
        await tls.AuthenticateAsClientAsync(options, deadline.Token);
        ServerCertificate = new X509Certificate2(tls.RemoteCertificate!);
        _stream = tls;
    }

    public async Task SendAsync(params ReadOnlyMemory<byte>[] messages)
    {
        using var deadline = new CancellationTokenSource(_deadline);
        foreach (var message in messages)
            await _stream.WriteAsync(message, deadline.Token);
        await _stream.FlushAsync(deadline.Token);
    }

    /// <summary>The next frame; null at the end of the stream between two frames.</summary>
    public async Task<WireFrame?> ReceiveAsync()
    {
        using var deadline = new CancellationTokenSource(_deadline);
        var header = new byte[5];
        try
        {
            if (await _stream.ReadAtLeastAsync(header.AsMemory(0, 1), 1, throwOnEndOfStream: false, deadline.Token) == 0)
                return null;
            await _stream.ReadExactlyAsync(header.AsMemory(1), deadline.Token);
            var length = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(1)) - 4;
            if (length is < 0 or > FrameBytesMax)
                throw new InvalidDataException($"A frame '{(char)header[0]}' of {length} bytes.");
            var body = new byte[length];
            await _stream.ReadExactlyAsync(body, deadline.Token);
            return new WireFrame((char)header[0], body);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            throw new TimeoutException($"No frame came within {_deadline}.");
        }
    }

    /// <summary>All frames up to and with the given number of ReadyForQuery; fewer when the stream ends.</summary>
    public async Task<IReadOnlyList<WireFrame>> ReceiveUntilReadyAsync(int count = 1)
    {
        var frames = new List<WireFrame>();
        while (count > 0 && await ReceiveAsync() is { } frame)
        {
            frames.Add(frame);
            if (frame.Type == WireFrame.ReadyForQuery)
                count--;
        }
        return frames;
    }

    /// <summary>All frames up to the first that satisfies the condition, with it; throws when the stream ends before.</summary>
    public async Task<IReadOnlyList<WireFrame>> ReceiveUntilAsync(Func<WireFrame, bool> last)
    {
        var frames = new List<WireFrame>();
        while (await ReceiveAsync() is { } frame)
        {
            frames.Add(frame);
            if (last(frame))
                return frames;
        }
        throw new EndOfStreamException($"The connection ended after: {string.Join(", ", frames)}");
    }

    /// <summary>All frames until the other side closes.</summary>
    public async Task<IReadOnlyList<WireFrame>> ReceiveToEndAsync()
    {
        var frames = new List<WireFrame>();
        while (await ReceiveAsync() is { } frame)
            frames.Add(frame);
        return frames;
    }

    /// <summary>Sends one simple query and returns its replies.</summary>
    public async Task<IReadOnlyList<WireFrame>> QueryAsync(string sql)
    {
        await SendAsync(PostgresRequests.Query(sql));
        return await ReceiveUntilReadyAsync();
    }

    /// <summary>A single byte outside of any frame, as the answer to SSLRequest is.</summary>
    public async Task<char> ReceiveByteAsync()
    {
        using var deadline = new CancellationTokenSource(_deadline);
        var answer = new byte[1];
        await _stream.ReadExactlyAsync(answer, deadline.Token);
        return (char)answer[0];
    }

    /// <summary>Closes with a reset, as a killed client does.</summary>
    public void Reset() => _tcp.Client.Close(timeout: 0);

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _tcp.Dispose();
        ServerCertificate?.Dispose();
    }

    private async Task AnswerAsync(byte[] body, string user, string password)
    {
        switch (BinaryPrimitives.ReadInt32BigEndian(body))
        {
            case 0:
                break;
            case 3:
                await SendAsync(PostgresRequests.Password(password));
                break;
            case 5:
                await SendAsync(PostgresRequests.Password(Md5Answer(user, password, body.AsSpan(4, 4))));
                break;
            case 10 when body.AsSpan(4).StartsWith("OAUTHBEARER\0"u8):
                var response = Encoding.ASCII.GetBytes($"n,,\u0001auth=Bearer {password}\u0001\u0001");
                await SendAsync(new FrameBuilder('p').AddText("OAUTHBEARER").AddInt32(response.Length).AddBytes(response).ToBytes());
                break;
            case 11:
                await SendAsync(new FrameBuilder('p').AddBytes([1]).ToBytes()); // The challenge that precedes a refusal (RFC 7628 §3.2.3).
                break;
            case var method:
                throw new NotSupportedException(string.Create(CultureInfo.InvariantCulture, $"Authentication method {method}."));
        }
    }

    private static string Md5Answer(string user, string password, ReadOnlySpan<byte> salt)
    {
#pragma warning disable CA5351 // The protocol's method, not ours.
        var inner = Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(password + user)));
        return "md5" + Convert.ToHexStringLower(MD5.HashData([.. Encoding.UTF8.GetBytes(inner), .. salt]));
#pragma warning restore CA5351
    }
}
