using System.Buffers.Binary;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Proxy.Tests.Support;

/// <summary>One connection of a <see cref="ScriptedServer"/>, seen from the server's side.</summary>
public sealed class ScriptedSession(Socket socket, CancellationToken stopping) : IAsyncDisposable
{
    private const int StartupBytesMax = 10_000;
    private Stream _stream = new NetworkStream(socket, ownsSocket: false);

    /// <summary>Cancelled when the server is disposed.</summary>
    public CancellationToken Stopping => stopping;

    public bool IsEncrypted => _stream is SslStream;

    /// <summary>What the client said in its start-up message.</summary>
    public IReadOnlyDictionary<string, string> StartupParameters { get; private set; } = new Dictionary<string, string>();

    /// <summary>Accepts any client: TLS when it asks for it, no password, and what a real server reports before it is ready.</summary>
    public async Task AcceptStartupAsync(X509Certificate2? certificate = null, int processId = 4711)
    {
        await ReadStartupAsync(certificate);
        await SendAsync(
            PostgresReplies.AuthenticationOk(),
            PostgresReplies.ParameterStatus("server_version", "15.0"),
            PostgresReplies.ParameterStatus("server_encoding", "UTF8"),
            PostgresReplies.ParameterStatus("client_encoding", "UTF8"),
            PostgresReplies.ParameterStatus("DateStyle", "ISO, MDY"),
            PostgresReplies.ParameterStatus("TimeZone", "UTC"),
            PostgresReplies.ParameterStatus("integer_datetimes", "on"),
            PostgresReplies.ParameterStatus("standard_conforming_strings", "on"),
            PostgresReplies.BackendKeyData(processId, [1, 2, 3, 4]),
            PostgresReplies.ReadyForQuery());
    }

    /// <summary>Reads up to and with the start-up message, upgrading to TLS on the way when asked; returns its body.</summary>
    public async Task<byte[]> ReadStartupAsync(X509Certificate2? certificate = null)
    {
        while (true)
        {
            var body = await ReadUntypedAsync();
            if (body.AsSpan().SequenceEqual(PostgresRequests.SslRequest().AsSpan(4)))
            {
                await SendAsync("S"u8.ToArray());
                await UpgradeAsync(certificate ?? TestCertificates.Shared.Server);
            }
            else if (body.AsSpan().SequenceEqual(PostgresRequests.GssEncRequest().AsSpan(4)))
                await SendAsync("N"u8.ToArray());
            else
            {
                StartupParameters = ParametersOf(body);
                return body;
            }
        }
    }

    public async Task UpgradeAsync(X509Certificate2 certificate)
    {
        var tls = new SslStream(_stream);
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, stopping);
        _stream = tls;
    }

    /// <summary>A message without a type: SSLRequest, CancelRequest, start-up. Without its length.</summary>
    public async Task<byte[]> ReadUntypedAsync()
    {
        var header = new byte[4];
        await _stream.ReadExactlyAsync(header, stopping);
        var length = BinaryPrimitives.ReadInt32BigEndian(header);
        if (length is < 4 or > StartupBytesMax)
            throw new InvalidDataException($"A start-up message of {length} bytes.");
        var body = new byte[length - 4];
        await _stream.ReadExactlyAsync(body, stopping);
        return body;
    }

    /// <summary>So many bytes, whatever they are.</summary>
    public async Task<byte[]> ReadBytesAsync(int count)
    {
        var bytes = new byte[count];
        await _stream.ReadExactlyAsync(bytes, stopping);
        return bytes;
    }

    /// <summary>The next frame; null when the client has closed.</summary>
    public async Task<WireFrame?> ReceiveAsync()
    {
        var header = new byte[5];
        if (await _stream.ReadAtLeastAsync(header.AsMemory(0, 1), 1, throwOnEndOfStream: false, stopping) == 0)
            return null;
        await _stream.ReadExactlyAsync(header.AsMemory(1), stopping);
        var body = new byte[BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(1)) - 4];
        await _stream.ReadExactlyAsync(body, stopping);
        return new WireFrame((char)header[0], body);
    }

    /// <summary>All frames up to and with the first of the given type.</summary>
    public async Task<IReadOnlyList<WireFrame>> ReceiveUntilAsync(char type)
    {
        var frames = new List<WireFrame>();
        while (await ReceiveAsync() is { } frame)
        {
            frames.Add(frame);
            if (frame.Type == type)
                return frames;
        }
        throw new EndOfStreamException($"The client closed before it sent '{type}': {string.Join(", ", frames)}");
    }

    public async Task SendAsync(params ReadOnlyMemory<byte>[] messages)
    {
        foreach (var message in messages)
            await _stream.WriteAsync(message, stopping);
        await _stream.FlushAsync(stopping);
    }

    /// <summary>Says nothing more and keeps the connection open until the test is over.</summary>
    public Task StallAsync() => Task.Delay(Timeout.InfiniteTimeSpan, stopping);

    /// <summary>Closes with a reset, as a killed server does.</summary>
    public void Reset() => socket.Close(timeout: 0);

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        socket.Dispose();
    }

    private static Dictionary<string, string> ParametersOf(byte[] body)
    {
        var parameters = new Dictionary<string, string>();
        var texts = System.Text.Encoding.UTF8.GetString(body.AsSpan(Math.Min(4, body.Length))).Split('\0');
        for (var i = 0; i + 1 < texts.Length && texts[i].Length > 0; i += 2)
            parameters[texts[i]] = texts[i + 1];
        return parameters;
    }
}
