using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Proxy.Host.Transport.Tls;

/// <summary>
/// What we demand of a target's TLS. One per target, shared by its connections. The file of authorities is read again when it has changed (authorities
/// of RDS are replaced while old ones still sign); one that cannot be used changes nothing and is reported.
/// </summary>
public sealed class ClientTls
{
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(5);
    /// <summary>id-kp-serverAuth (RFC 5280 §4.2.1.12).</summary>
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    private readonly ClientTlsSettings _settings;
    private readonly TimeProvider _time;
    private readonly Action<Exception?> _onReload;
    private readonly Lock _gate = new();
    private SslClientAuthenticationOptions _options;
    private DateTime _version;
    private long _checkedAt;

    /// <summary>The same, for those who ask for less.</summary>
    public ClientTls(ClientTlsMode mode, string serverName, string? authorities = null, bool offerAlpn = false)
        : this(new ClientTlsSettings
        {
            Mode = mode,
            ServerName = serverName,
            Authorities = authorities,
            ApplicationProtocol = offerAlpn ? ServerTls.ApplicationProtocol : null,
        })
    {
    }

    /// <exception cref="CryptographicException">The file of authorities is no PEM.</exception>
    public ClientTls(ClientTlsSettings settings, TimeProvider? time = null, Action<Exception?>? onReload = null)
    {
        _settings = settings;
        _time = time ?? TimeProvider.System;
        _onReload = onReload ?? (static _ => { });
        _version = Version();
        _checkedAt = _time.GetTimestamp();
        _options = Load();
    }

    /// <summary>For one handshake. Looks at the file now and then.</summary>
    public SslClientAuthenticationOptions Options
    {
        get
        {
            if (_settings.Authorities is not null && _time.GetElapsedTime(Volatile.Read(ref _checkedAt)) >= CheckInterval)
                ReloadIfChanged();
            return Volatile.Read(ref _options);
        }
    }

    /// <summary>
    /// Verifies a server by itself, for drivers that can be given neither our authorities nor another name than the host's.
    /// </summary>
    /// <param name="certificate">The server's.</param>
    /// <param name="sent">The driver's own chain: what else the server sent is in it.</param>
    public bool Verifies(X509Certificate? certificate, X509Chain? sent)
    {
        if (certificate is not X509Certificate2 own || (!_settings.Pins.IsEmpty && !IsPinned(own))) return false;
        if (_settings.Mode is ClientTlsMode.Insecure) return true;
        var policy = Options.CertificateChainPolicy!.Clone();
        policy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
        if (sent is not null)
            foreach (var element in sent.ChainElements)
                policy.ExtraStore.Add(element.Certificate);
        using var chain = new X509Chain { ChainPolicy = policy };
        return chain.Build(own) && (_settings.Mode is ClientTlsMode.VerifyCa || own.MatchesHostname(_settings.ServerName));
    }

    private void ReloadIfChanged()
    {
        lock (_gate)
        {
            if (_time.GetElapsedTime(_checkedAt) < CheckInterval)
                return;
            Volatile.Write(ref _checkedAt, _time.GetTimestamp());
            try
            {
                var version = Version();
                if (version == _version)
                    return;
                Volatile.Write(ref _options, Load());
                _version = version;
                _onReload(null);
            }
            catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
            {
                _onReload(e);
            }
        }
    }

    private DateTime Version() => _settings.Authorities is { } path
        ? File.GetLastWriteTimeUtc(File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path)
        : default;

    private SslClientAuthenticationOptions Load()
    {
        var policy = new X509ChainPolicy
        {
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        if (_settings.Authorities is { } authorities)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.ImportFromPemFile(authorities);
            if (policy.CustomTrustStore.Count == 0)
                throw new CryptographicException($"{authorities} holds no certificate");
        }
        return new SslClientAuthenticationOptions
        {
            TargetHost = _settings.ServerName,
            EnabledSslProtocols = _settings.Protocols,
            CertificateChainPolicy = policy,
            RemoteCertificateValidationCallback = Judge,
            ApplicationProtocols = _settings.ApplicationProtocol is { } protocol ? [protocol] : null,
            AllowRenegotiation = false,
        };
    }

    private bool Judge(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        var tolerated = _settings.Mode switch
        {
            ClientTlsMode.VerifyFull => SslPolicyErrors.None,
            ClientTlsMode.VerifyCa => SslPolicyErrors.RemoteCertificateNameMismatch,
            ClientTlsMode.Insecure => SslPolicyErrors.RemoteCertificateNameMismatch | SslPolicyErrors.RemoteCertificateChainErrors,
            _ => SslPolicyErrors.None,
        };
        var left = errors & ~tolerated;
        var problem = left is not SslPolicyErrors.None ? Explain(left, chain)
            : !_settings.Pins.IsEmpty && !IsPinned(certificate) ? "The server's key is none of those that are pinned"
            : null;
        return problem is null ? true : throw new ServerCertificateException(problem);
    }

    /// <summary>Of the server's own certificate: behind it, anybody may put what he likes where the chain is not verified.</summary>
    private bool IsPinned(X509Certificate? certificate) =>
        certificate is X509Certificate2 server && _settings.Pins.Contains(PublicKeyPin.Of(server));

    private string Explain(SslPolicyErrors errors, X509Chain? chain) => errors switch
    {
        _ when errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable) => "The server has no certificate",
        _ when errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors) =>
            $"The server's certificate is not trusted: {string.Join(", ", chain?.ChainStatus.Select(status => status.Status.ToString()) ?? [])}",
        _ => $"The server's certificate is not for {_settings.ServerName}",
    };
}
