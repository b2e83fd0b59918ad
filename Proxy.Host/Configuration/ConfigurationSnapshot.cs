using System.Collections.Frozen;
using System.Collections.Immutable;
using Proxy.Core.Catalogue;
using Proxy.Core.Policy;
using Proxy.Host.Configuration.Gateway;

namespace Proxy.Host.Configuration;

/// <summary>
/// The whole configuration, validated and immutable. A reload makes a new one and swaps one reference: the newest policy governs the next
/// statement of every session, and nobody ever sees half of one and half of another.
/// </summary>
public sealed record ConfigurationSnapshot
{
    public required string Directory { get; init; }

    /// <summary>SHA-256 over the three files, in hexadecimal: the policy version that decisions and records name.</summary>
    public required string Version { get; init; }

    /// <summary>Who answers for rules.yaml, as it says itself; null when it does not say.</summary>
    public string? Author { get; init; }

    /// <summary>SHA-256 of gateway.yaml alone: when only this differs, listeners and targets changed, which need a restart.</summary>
    public required string GatewayVersion { get; init; }
    public required GatewayOptions Gateway { get; init; }

    /// <summary>Targets by name.</summary>
    public required FrozenDictionary<string, TargetOptions> Targets { get; init; }

    /// <summary>Who may do what.</summary>
    public required AccessPolicy Policy { get; init; }

    /// <summary>By target; every target has an entry, if only one that reviews nothing.</summary>
    public required FrozenDictionary<string, ColumnClassification> Classification { get; init; }

    public ImmutableArray<ListenerOptions> Listeners => Gateway.Listeners;

    public LimitOptions Limits => Gateway.Limits;

    public ImmutableArray<IssuerOptions> Issuers => Gateway.Identity.Issuers;

    public override string ToString() => $"configuration {Version}";
}
