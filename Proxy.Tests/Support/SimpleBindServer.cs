using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Proxy.Tests.Support;

/// <summary>
/// As much of LDAP (RFC 4511 §4.2) as lets a PostgreSQL ask somebody else whether a password is right: simple binds, and nothing else. So a real server takes
/// passwords that change with each login, as RDS takes tokens.
/// </summary>
public sealed class SimpleBindServer : IAsyncDisposable
{
    private const byte Sequence = 0x30;
    private const byte Bind = 0x60;
    private const byte SimplePassword = 0x80;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<string, bool> _isRight;
    private readonly Task _serving;

    public SimpleBindServer(Func<string, bool> isRight)
    {
        _isRight = isRight;
        _listener.Start();
        _serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>All that came, right or wrong.</summary>
    public ConcurrentQueue<string> Passwords { get; } = new();

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync();
                _ = AnswerAsync(client);
            }
        }
        catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using (client)
            try
            {
                var stream = client.GetStream();
                while (true)
                {
                    var message = await ReadAsync(stream);
                    var id = message.AsMemory(0, 2 + message[1]); // An INTEGER, of a few bytes.
                    if (message[id.Length] != Bind)
                        return; // Unbind.
                    var isRight = _isRight(PasswordOf(message.AsSpan(id.Length)));
                    byte[] result = [0x0A, 1, (byte)(isRight ? 0 : 49), 4, 0, 4, 0]; // success or invalidCredentials, no names, no text.
                    await stream.WriteAsync((byte[])[Sequence, (byte)(id.Length + 2 + result.Length), .. id.Span, 0x61, (byte)result.Length, .. result]);
                }
            }
            catch (IOException)
            {
                // Gone.
            }
    }

    private static async Task<byte[]> ReadAsync(NetworkStream stream)
    {
        var head = new byte[2];
        await stream.ReadExactlyAsync(head);
        var length = (int)head[1];
        if (length >= 0x80)
        {
            var digits = new byte[4];
            await stream.ReadExactlyAsync(digits.AsMemory(4 - (length & 0x7F)));
            length = BinaryPrimitives.ReadInt32BigEndian(digits);
        }
        var body = new byte[length];
        await stream.ReadExactlyAsync(body);
        return body;
    }

    private string PasswordOf(ReadOnlySpan<byte> bind)
    {
        var fields = Content(bind, out _);
        while (fields[0] != SimplePassword)
        {
            Content(fields, out var next);
            fields = fields[next..];
        }
        var password = Encoding.UTF8.GetString(Content(fields, out _));
        Passwords.Enqueue(password);
        return password;
    }

    private static ReadOnlySpan<byte> Content(ReadOnlySpan<byte> element, out int whole)
    {
        var (length, start) = ((int)element[1], 2);
        if (length >= 0x80)
        {
            var digits = length & 0x7F;
            length = 0;
            foreach (var digit in element.Slice(2, digits))
                length = (length << 8) | digit;
            start += digits;
        }
        whole = start + length;
        return element[start..whole];
    }
}
