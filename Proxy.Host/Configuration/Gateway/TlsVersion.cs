using System.Text.Json.Serialization;

namespace Proxy.Host.Configuration.Gateway;

/// <summary>The lowest TLS version that a leg accepts.</summary>
public enum TlsVersion : byte
{
    [JsonStringEnumMemberName("1.2")]
    Tls12 = 0,

    [JsonStringEnumMemberName("1.3")]
    Tls13,
}
