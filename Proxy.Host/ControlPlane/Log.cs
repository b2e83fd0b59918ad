using Microsoft.Extensions.Logging;

namespace Proxy.Host.ControlPlane;

/// <summary>Events 1250–1299.</summary>
internal static partial class Log
{
    [LoggerMessage(1250, LogLevel.Warning, "The data plane did not take the request '{Request}': {Reason}")]
    public static partial void StopNotPassedOn(ILogger logger, string request, string reason);

    [LoggerMessage(1251, LogLevel.Information, "The certificate of the credential endpoint was reloaded")]
    public static partial void CertificateReloaded(ILogger logger);

    [LoggerMessage(1252, LogLevel.Warning, "The new certificate of the credential endpoint cannot be used, the old one stays: {Reason}")]
    public static partial void CertificateRejected(ILogger logger, string reason);

    [LoggerMessage(1253, LogLevel.Warning, "A connection to the credential endpoint is none of a load balancer and was closed: {Reason}")]
    public static partial void ProxyHeaderRejected(ILogger logger, string reason);
}
