using System.Text.Json.Serialization;

namespace Proxy.Host.Configuration.Gateway;

/// <summary>What is spoken on a listener and to a target.</summary>
public enum WireProtocol : byte
{
    [JsonStringEnumMemberName("postgresql")]
    PostgreSql = 0,

    /// <summary>MySQL and MariaDB.</summary>
    [JsonStringEnumMemberName("mysql")]
    MySql,
}
