namespace Proxy.Host.Configuration.Gateway;

/// <summary>The process that keeps a second copy of the journal on another machine (<c>phigate journal-replica</c>).</summary>
public sealed record ReplicaOptions
{
    public required NetworkAddress Address { get; init; }

    /// <summary>Authorities of its certificate, instead of the machine's.</summary>
    public string? CaFile { get; init; }

    /// <summary>What this gateway proves itself with: PEM, read again at each connection.</summary>
    public required string CertificateFile { get; init; }
    public required string KeyFile { get; init; }

    /// <summary>How long a statement waits for the copy; then its session ends, as it does when a flush fails.</summary>
    public int PatienceSeconds { get; init; } = 5;
}
