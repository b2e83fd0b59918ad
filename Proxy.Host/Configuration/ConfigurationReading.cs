using System.Collections.Immutable;
using Proxy.Host.Configuration.Yaml;

namespace Proxy.Host.Configuration;

/// <summary>What reading a configuration directory gave: a snapshot, or every error that can be found.</summary>
public sealed record ConfigurationReading
{
    /// <summary>Null exactly when there are errors.</summary>
    public ConfigurationSnapshot? Snapshot { get; init; }
    public required ImmutableArray<ConfigurationError> Errors { get; init; }

    /// <summary>See <see cref="ConfigurationSnapshot.Version"/>; also there when the content cannot be used.</summary>
    public required string Version { get; init; }

    /// <summary>gateway.yaml with positions, for checks that come later; null when it cannot be read.</summary>
    public YamlDocument? GatewayDocument { get; init; }
}
