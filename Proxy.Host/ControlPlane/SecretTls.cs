using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Proxy.Host.Transport;
using Proxy.Host.Transport.Tls;
using Proxy.Protocols;

namespace Proxy.Host.ControlPlane;

/// <summary>
/// TLS for the HTTPS endpoint, in place of Kestrel's own, whose pools keep what was decrypted: clients' bytes are received into memory that never moves and is cleared
/// when it is given back, as on the listeners for databases. The header Authorization becomes no text (<see cref="HeldAuthorization"/>).
/// </summary>
internal sealed class SecretTls(ServerTls tls)
{
    /// <summary>SslStream gives no more at once.</summary>
    private const int ReceiveBytes = 16 * 1024;

    /// <summary>Above what Kestrel's own limits let pile up; as little as keeps the whole header of a request in one place: Kestrel copies what lies in two.</summary>
    private const int ReceivedBytesMax = 128 * 1024;
    private const int UnsentBytesMax = 1024 * 1024;

    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan GoodbyeTimeout = TimeSpan.FromSeconds(1);

    public async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var transport = connection.Transport;
        var wire = new TransportStream(transport);
        var plaintext = new TlsPlaintext();
        wire.Plaintext = plaintext; // A request may lie behind the last message of the handshake, and be received with it.
        var held = new HeldAuthorization();
        var stream = new SslStream(wire, leaveInnerStreamOpen: true);
        try
        {
            if (!await TryShakeHandsAsync(stream, connection))
                return;
            RecordBuffers.TryCleanse(stream);
            var reader = new ConnectionReader(stream, ReceiveBytes, ReceivedBytesMax, static _ => { });
            reader.GuardSecrets(plaintext);
            var writer = new ConnectionWriter(stream, UnsentBytesMax, static _ => { }, connection.Abort);
            connection.Transport = new Pipes(reader, writer);
            connection.Features.Set(held);
            connection.Features.Set<ITlsConnectionFeature>(new TlsConnectionFeature { ClientCertificate = stream.RemoteCertificate as X509Certificate2 });
            HeldAuthorization.Current = held;
            try
            {
                await next(connection);
                await SayGoodbyeAsync(stream);
            }
            finally
            {
                await reader.CompleteAsync();
                await writer.CompleteAsync();
            }
        }
        finally
        {
            connection.Transport = transport;
            held.Clear();
            await stream.DisposeAsync();
            plaintext.Clear(); // TLS has just given its array back.
        }
    }

    /// <summary>The listeners' options, but for the protocol that is spoken inside.</summary>
    private static SslServerAuthenticationOptions Options(SslServerAuthenticationOptions listeners) => new()
    {
        ServerCertificateContext = listeners.ServerCertificateContext,
        EnabledSslProtocols = listeners.EnabledSslProtocols,
        ClientCertificateRequired = listeners.ClientCertificateRequired,
        RemoteCertificateValidationCallback = listeners.RemoteCertificateValidationCallback,
        CertificateRevocationCheckMode = listeners.CertificateRevocationCheckMode,
        ApplicationProtocols = [SslApplicationProtocol.Http11],
        AllowRenegotiation = false,
    };

    private async Task<bool> TryShakeHandsAsync(SslStream stream, ConnectionContext connection)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(connection.ConnectionClosed);
        deadline.CancelAfter(HandshakeTimeout);
        try
        {
            await stream.AuthenticateAsServerAsync(Options(tls.Current.Options), deadline.Token);
            return true;
        }
        catch (Exception failure) when (ConnectionEnding.Of(failure) is not ConnectionEnd.None)
        {
            return false; // A scanner, or a client that does not trust us: it knows why.
        }
    }

    private static async Task SayGoodbyeAsync(SslStream stream)
    {
        try
        {
            await stream.ShutdownAsync().WaitAsync(GoodbyeTimeout);
        }
        catch (Exception failure) when (ConnectionEnding.Of(failure) is not ConnectionEnd.None || failure is TimeoutException or InvalidOperationException or NotSupportedException)
        {
            // The client was faster. A goodbye is a courtesy.
        }
    }

    private sealed class Pipes(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }
}
