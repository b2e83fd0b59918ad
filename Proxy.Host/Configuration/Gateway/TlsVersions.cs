using System.Security.Authentication;

namespace Proxy.Host.Configuration.Gateway;

/// <summary>The versions from a lowest one on. Older ones than 1.2 do not exist here.</summary>
internal static class TlsVersions
{
    public static SslProtocols From(TlsVersion minimum) => minimum is TlsVersion.Tls13 ? SslProtocols.Tls13 : SslProtocols.Tls12 | SslProtocols.Tls13;
}
