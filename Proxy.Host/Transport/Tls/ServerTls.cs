using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Proxy.Host.Transport.Tls;

/// <summary>
/// The certificate that clients see, from PEM files, reloaded when they change. Handshakes under way keep the one they began with. A new file
/// that cannot be used changes nothing and is reported: an expiring certificate is better than none.
/// </summary>
public sealed class ServerTls : IDisposable
{
    /// <summary>What PostgreSQL clients offer; direct TLS requires it (protocol-flow, "ALPN").</summary>
    public static readonly SslApplicationProtocol ApplicationProtocol = new("postgresql");

    private readonly string _certificatePath;
    private readonly string _privateKeyPath;
    private readonly SslProtocols _protocols;
    private readonly bool _asksForClientCertificate;
    private readonly bool _offersAlpn;
    private readonly Action<Exception?> _onReload;
    private readonly ITimer _timer;
    private (DateTime, DateTime) _version;
    private ServerTlsIdentity _current;

    /// <param name="certificatePath">PEM: the leaf first, then its intermediates.</param>
    /// <param name="privateKeyPath">PEM, unencrypted.</param>
    /// <param name="onReload">Is told of each reload, with the fault if the new files cannot be used.</param>
    /// <param name="time">Whose clock the files are checked by.</param>
    /// <param name="checkPeriod">How often to look at the files (their times; watching misses the symbolic links of Kubernetes secrets).</param>
    /// <param name="protocols">The TLS versions that are spoken.</param>
    /// <param name="asksForClientCertificate">Whether clients may show a certificate. Nobody looks at its issuer: tokens are bound to the certificate itself.</param>
    /// <param name="offersAlpn">Whether ALPN is spoken, for PostgreSQL; MySQL has no such protocol.</param>
    /// <exception cref="CryptographicException">The files do not hold a certificate and its key.</exception>
    public ServerTls(
        string certificatePath, string privateKeyPath, Action<Exception?>? onReload = null, TimeProvider? time = null, TimeSpan? checkPeriod = null,
        SslProtocols protocols = SslProtocols.Tls12 | SslProtocols.Tls13, bool asksForClientCertificate = false, bool offersAlpn = true)
    {
        _offersAlpn = offersAlpn;
        _asksForClientCertificate = asksForClientCertificate;
        _certificatePath = certificatePath;
        _privateKeyPath = privateKeyPath;
        _protocols = protocols;
        _onReload = onReload ?? (static _ => { });
        _version = FileTimes();
        _current = Load();
        var period = checkPeriod ?? TimeSpan.FromSeconds(10);
        _timer = (time ?? TimeProvider.System).CreateTimer(static tls => ((ServerTls)tls!).ReloadIfChanged(), this, period, period);
    }

    public ServerTlsIdentity Current => Volatile.Read(ref _current);

    public void Dispose() => _timer.Dispose();

    /// <summary>Looks at the files now; also on SIGHUP.</summary>
    public void ReloadIfChanged()
    {
        try
        {
            var version = FileTimes();
            if (version == _version)
                return;
            Volatile.Write(ref _current, Load());
            _version = version;
            _onReload(null);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            _onReload(e);
        }
    }

    private (DateTime, DateTime) FileTimes() => (LastWrite(_certificatePath), LastWrite(_privateKeyPath));

    private static DateTime LastWrite(string path) =>
        (File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path) is var file ? File.GetLastWriteTimeUtc(file) : default;

    private ServerTlsIdentity Load()
    {
        var leaf = X509Certificate2.CreateFromPemFile(_certificatePath, _privateKeyPath);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(_certificatePath);
        var intermediates = new X509Certificate2Collection(chain.Where(certificate => certificate.Thumbprint != leaf.Thumbprint).ToArray());
#pragma warning disable CA5359 // Of a client: it proves nothing by itself, and what a token is bound to is the certificate, whoever issued it (RFC 8705 §2.2).
        return new ServerTlsIdentity(leaf, new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(leaf, intermediates, offline: true),
            EnabledSslProtocols = _protocols,
            ApplicationProtocols = _offersAlpn ? [ApplicationProtocol] : null,
            ClientCertificateRequired = _asksForClientCertificate,
            RemoteCertificateValidationCallback = _asksForClientCertificate ? static (_, _, _, _) => true : null,
            AllowRenegotiation = false,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        });
#pragma warning restore CA5359
    }
}
