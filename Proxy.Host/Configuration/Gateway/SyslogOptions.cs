namespace Proxy.Host.Configuration.Gateway;

/// <summary>A receiver of RFC 5424 over TLS (RFC 5425), or TCP with the same framing.</summary>
public sealed record SyslogOptions
{
    public required NetworkAddress Address { get; init; }

    /// <summary>Authorities of its certificate, instead of the machine's.</summary>
    public string? CaFile { get; init; }

    /// <summary>TCP without TLS: identities and names of tables would travel in the open.</summary>
    public bool IAcceptPlaintext { get; init; }
}
