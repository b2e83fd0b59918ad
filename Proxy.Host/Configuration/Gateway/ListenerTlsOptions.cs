namespace Proxy.Host.Configuration.Gateway;

/// <summary>The certificate that a listener shows.</summary>
public sealed record ListenerTlsOptions
{
    public required string CertificateFile { get; init; }
    public required string KeyFile { get; init; }
    public TlsVersion MinimumVersion { get; init; }

    /// <summary>Whether clients are asked for a certificate, which tokens can be bound to. It proves nothing by itself.</summary>
    public bool AskForClientCertificate { get; init; }
}
