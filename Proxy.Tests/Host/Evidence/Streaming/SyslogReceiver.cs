using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Proxy.Tests.Support;

namespace Proxy.Tests.Host.Evidence.Streaming;

/// <summary>Takes syslog messages framed by their length, over TLS; can go away and come back on the same port.</summary>
internal sealed class SyslogReceiver : IAsyncDisposable
{
    private readonly List<string> _messages = [];
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly int _messagesMax;
    private readonly X509Certificate2 _certificate;
    private readonly TcpListener _listener;
    private readonly Task _serving;

    /// <param name="port">0 takes a free one.</param>
    /// <param name="messagesMax">After so many it hangs up and listens no more.</param>
    public SyslogReceiver(int port = 0, int messagesMax = int.MaxValue)
    {
        _messagesMax = messagesMax;
        var certificates = TestCertificates.Shared;
        using var pem = X509Certificate2.CreateFromPemFile(certificates.ServerCertificatePath, certificates.ServerKeyPath);
        _certificate = X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
        _serving = Task.Run(ServeAsync);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public IReadOnlyList<string> Messages
    {
        get
        {
            using var scope = _gate.EnterScope();
            return [.. _messages];
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _certificate.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        while (Messages.Count < _messagesMax)
        {
            using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
            await using var stream = new SslStream(client.GetStream());
            try
            {
                await stream.AuthenticateAsServerAsync(_certificate);
                while (Messages.Count < _messagesMax && await ReadAsync(stream, _stop.Token) is { } message)
                {
                    using var scope = _gate.EnterScope();
                    _messages.Add(message);
                }
            }
            catch (IOException)
            {
                // The sender went away.
            }
        }

        _listener.Stop();
    }

    private static async Task<string?> ReadAsync(Stream stream, CancellationToken stop)
    {
        var length = 0;
        var one = new byte[1];
        while (true)
        {
            if (await stream.ReadAsync(one, stop) == 0) return null;
            if (one[0] == (byte)' ') break;
            length = (length * 10) + one[0] - (byte)'0';
        }

        var message = new byte[length];
        await stream.ReadExactlyAsync(message, stop);
        return Encoding.UTF8.GetString(message);
    }
}
