using Proxy.Host.Configuration;
using Proxy.Host.Configuration.Yaml;

namespace Proxy.Host.Checks;

/// <summary>A configuration that was checked before it is run.</summary>
/// <param name="Snapshot">Null when the files cannot be used; then the findings have errors.</param>
/// <param name="Document">gateway.yaml with positions; there when the snapshot is.</param>
/// <param name="Findings">Everything that was found.</param>
public sealed record CheckedConfiguration(ConfigurationSnapshot? Snapshot, YamlDocument? Document, CheckFindings Findings);
