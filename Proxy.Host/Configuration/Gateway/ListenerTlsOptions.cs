namespace Proxy.Host.Configuration.Gateway;

/// <summary>The certificate that a listener shows.</summary>
public sealed record ListenerTlsOptions
{
    public required string CertificateFile { get; init; }
    public required string KeyFile { get; init; }
    public TlsVersion MinimumVersion { get; init; }
}
