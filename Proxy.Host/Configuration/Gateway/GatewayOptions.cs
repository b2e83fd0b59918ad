using System.Collections.Immutable;

namespace Proxy.Host.Configuration.Gateway;

/// <summary>gateway.yaml, the operator's part. Paths are absolute after loading; defaults are those of config/sample/gateway.yaml.</summary>
public sealed record GatewayOptions
{
    public required int Version { get; init; }
    public required ImmutableArray<ListenerOptions> Listeners { get; init; }
    public required ImmutableDictionary<string, TargetOptions> Targets { get; init; }
    public required JournalOptions Journal { get; init; }
    public AdminOptions Admin { get; init; } = new();
    public MaskingOptions Masking { get; init; } = new();
    public required IdentityOptions Identity { get; init; }

    /// <summary>Null: no token is traded for a one-time credential.</summary>
    public CredentialDeskOptions? Credentials { get; init; }
    public LimitOptions Limits { get; init; } = new();
}
