using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Proxy.Host.Transport.Tls;

/// <summary>What we demand of a target's TLS. One per target, shared by its connections.</summary>
public sealed class ClientTls
{
    private readonly ClientTlsMode _mode;
    private readonly string _serverName;

    /// <param name="mode">How much is verified.</param>
    /// <param name="serverName">The host name to ask for (SNI) and to expect in the certificate.</param>
    /// <param name="authorities">PEM file of the only authorities to trust (RDS has its own); null: the system's.</param>
    /// <param name="offerAlpn">Offers ALPN postgresql, which direct TLS needs and PostgreSQL before 17 ignores.</param>
    /// <param name="protocols">The TLS versions that are spoken.</param>
    public ClientTls(
        ClientTlsMode mode, string serverName, string? authorities = null, bool offerAlpn = false,
        SslProtocols protocols = SslProtocols.Tls12 | SslProtocols.Tls13)
    {
        _mode = mode;
        _serverName = serverName;
        var policy = new X509ChainPolicy
        {
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        if (authorities is not null)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.ImportFromPemFile(authorities);
        }
        Options = new SslClientAuthenticationOptions
        {
            TargetHost = serverName,
            EnabledSslProtocols = protocols,
            CertificateChainPolicy = policy,
            RemoteCertificateValidationCallback = Judge,
            ApplicationProtocols = offerAlpn ? [ServerTls.ApplicationProtocol] : null,
            AllowRenegotiation = false,
        };
    }

    public SslClientAuthenticationOptions Options { get; }

    private bool Judge(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        var tolerated = _mode switch
        {
            ClientTlsMode.VerifyFull => SslPolicyErrors.None,
            ClientTlsMode.VerifyCa => SslPolicyErrors.RemoteCertificateNameMismatch,
            ClientTlsMode.Insecure => SslPolicyErrors.RemoteCertificateNameMismatch | SslPolicyErrors.RemoteCertificateChainErrors,
            _ => SslPolicyErrors.None,
        };
        var left = errors & ~tolerated;
        return left is SslPolicyErrors.None ? true : throw new ServerCertificateException(Explain(left, chain));
    }

    private string Explain(SslPolicyErrors errors, X509Chain? chain) => errors switch
    {
        _ when errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable) => "The server has no certificate",
        _ when errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors) =>
            $"The server's certificate is not trusted: {string.Join(", ", chain?.ChainStatus.Select(status => status.Status.ToString()) ?? [])}",
        _ => $"The server's certificate is not for {_serverName}",
    };
}
