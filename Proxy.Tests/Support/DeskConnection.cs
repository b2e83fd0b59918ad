using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Proxy.Tests.Support;

/// <summary>A connection to the gateway's HTTPS endpoint on which HTTP is written by hand.</summary>
public sealed class DeskConnection : IAsyncDisposable
{
    private readonly SslStream _stream;

    private DeskConnection(SslStream stream) => _stream = stream;

    public static async Task<DeskConnection> ConnectAsync(Uri desk)
    {
        var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", desk.Port);
        var stream = new SslStream(client.GetStream());
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { TestCertificates.Shared.Authority },
                RevocationMode = X509RevocationMode.NoCheck,
            },
        });
        return new DeskConnection(stream);
    }

    /// <summary>A GET with so many headers Authorization.</summary>
    public static byte[] Request(string path, params IEnumerable<string> authorizations) => Encoding.UTF8.GetBytes(
        $"GET {path} HTTP/1.1\r\nHost: localhost\r\n{string.Concat(authorizations.Select(static value => $"Authorization: {value}\r\n"))}\r\n");

    /// <summary>A POST with a body of JSON.</summary>
    public static byte[] Post(string path, string authorization, string body) => Encoding.UTF8.GetBytes(
        $"POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: {authorization}\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");

    public async Task SendAsync(ReadOnlyMemory<byte> bytes) => await _stream.WriteAsync(bytes);

    /// <summary>What is answered to this.</summary>
    public async Task<(int Status, string Body)> AskAsync(byte[] request)
    {
        await SendAsync(request);
        return await ReadAsync();
    }

    /// <summary>One answer, by its Content-Length, or in one chunk.</summary>
    public async Task<(int Status, string Body)> ReadAsync()
    {
        var head = await ReadToAsync("\r\n\r\n");
        var status = int.Parse(head.AsSpan(9, 3), CultureInfo.InvariantCulture);
        if (head.Contains("chunked", StringComparison.OrdinalIgnoreCase))
        {
            var body = new StringBuilder();
            while (int.Parse(await ReadToAsync("\r\n"), NumberStyles.HexNumber, CultureInfo.InvariantCulture) is > 0 and var chunk)
                body.Append((await ReadExactlyAsync(chunk + 2))[..^2]);
            await ReadToAsync("\r\n");
            return (status, body.ToString());
        }
        const string Name = "Content-Length: ";
        var at = head.IndexOf(Name, StringComparison.OrdinalIgnoreCase);
        var length = at < 0 ? 0 : int.Parse(head[(at + Name.Length)..].Split('\r')[0], CultureInfo.InvariantCulture);
        return (status, await ReadExactlyAsync(length));
    }

    /// <summary>Everything that still comes until the other side closes.</summary>
    public async Task<string> ReadToEndAsync()
    {
        using var rest = new MemoryStream();
        try
        {
            await _stream.CopyToAsync(rest);
        }
        catch (IOException)
        {
            // Closed, with bytes of ours that nobody has read.
        }
        return Encoding.UTF8.GetString(rest.ToArray());
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private async Task<string> ReadToAsync(string end)
    {
        var text = new StringBuilder();
        while (text.Length < end.Length || text.ToString(text.Length - end.Length, end.Length) != end)
            text.Append(await ReadExactlyAsync(1));
        return text.ToString(0, text.Length - end.Length);
    }

    private async Task<string> ReadExactlyAsync(int length)
    {
        var bytes = new byte[length];
        await _stream.ReadExactlyAsync(bytes);
        return Encoding.UTF8.GetString(bytes);
    }
}
