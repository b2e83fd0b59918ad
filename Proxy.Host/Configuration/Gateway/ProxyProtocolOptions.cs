using System.Collections.Immutable;
using System.Net;

namespace Proxy.Host.Configuration.Gateway;

/// <summary>The PROXY protocol, version 2, on a listener: every connection comes from a load balancer that says whom it speaks for.</summary>
public sealed record ProxyProtocolOptions
{
    /// <summary>Where load balancers are, in CIDR notation.</summary>
    public required ImmutableArray<string> Networks { get; init; }

    /// <summary>The same, parsed; the file has been checked.</summary>
    internal ImmutableArray<IPNetwork> Parsed => [.. Networks.Select(IPNetwork.Parse)];
}
