using System.Collections.Immutable;
using System.Net;
using Proxy.Core.Journal;

namespace Proxy.Host.Evidence.Replication;

/// <summary>What <c>phigate journal-replica</c> is told.</summary>
public sealed record ReplicaServerOptions
{
    /// <summary>Each journal gets a directory of its own in it, named by its id.</summary>
    public required string Directory { get; init; }
    public required IPEndPoint EndPoint { get; init; }

    /// <summary>PEM, read again at each connection.</summary>
    public required string CertificateFile { get; init; }
    public required string KeyFile { get; init; }

    /// <summary>Authorities of the gateways' certificates; nobody else's are looked at.</summary>
    public required string ClientCaFile { get; init; }

    /// <summary>DNS names of the gateways that may come; empty: whoever has a certificate of the authorities.</summary>
    public ImmutableArray<string> ClientNames { get; init; } = [];

    /// <summary>What has happened to bytes before they are acknowledged: written or flushed.</summary>
    public Durability Durability { get; init; } = Durability.Flushed;
}
