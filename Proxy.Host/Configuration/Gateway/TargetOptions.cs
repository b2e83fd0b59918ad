using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Proxy.Host.Configuration.Gateway;

/// <summary>A database server behind the gateway.</summary>
public sealed record TargetOptions
{
    /// <summary>Its key in the file; set while loading.</summary>
    [JsonIgnore]
    public string Name { get; init; } = "";
    public WireProtocol Protocol { get; init; }
    public required NetworkAddress Address { get; init; }

    /// <summary>Databases that clients may use; the first is the default. Never empty.</summary>
    public required ImmutableArray<string> Databases { get; init; }
    public TargetTlsOptions Tls { get; init; } = new();
    public required string DatabaseUser { get; init; }
    public required CredentialOptions Credential { get; init; }

    /// <summary>Further database users that rules may have sessions arrive as, each with its credential. Names are configuration, not secrets.</summary>
    public ImmutableDictionary<string, CredentialOptions> DatabaseUsers { get; init; } = ImmutableDictionary<string, CredentialOptions>.Empty;

    /// <summary>Whether sessions are called by their id, agent and human at the server, in place of what the client calls itself.</summary>
    public bool LabelSessions { get; init; } = true;
    public int ConnectTimeoutSeconds { get; init; } = 10;
    public int SessionsMax { get; init; } = 200;

    /// <summary>The operator insists on a database user whose rights masking cannot survive.</summary>
    public bool IAcceptAnOverprivilegedDatabaseUser { get; init; }
}
