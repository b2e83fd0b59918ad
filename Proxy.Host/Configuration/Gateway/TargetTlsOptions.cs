using System.Collections.Immutable;

namespace Proxy.Host.Configuration.Gateway;

/// <summary>TLS towards a target.</summary>
public sealed record TargetTlsOptions
{
    public TargetTlsMode Mode { get; init; }

    /// <summary>PEM of the authorities to trust; null means the machine's.</summary>
    public string? CaFile { get; init; }

    /// <summary>The name that the certificate must bear and that SNI asks for; null means the address's host.</summary>
    public string? ServerName { get; init; }
    /// <summary>When not empty, the server's key must be one of these (sha256/BASE64 of its SubjectPublicKeyInfo), beside what the mode verifies.</summary>
    public ImmutableArray<string> Pins { get; init; } = [];
    public TlsVersion MinimumVersion { get; init; }
    public bool IAcceptAnUnverifiedServer { get; init; }
    public bool IAcceptPlaintext { get; init; }
}
