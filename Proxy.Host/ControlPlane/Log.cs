using Microsoft.Extensions.Logging;

namespace Proxy.Host.ControlPlane;

/// <summary>Events 1250–1299.</summary>
internal static partial class Log
{
    [LoggerMessage(1250, LogLevel.Warning, "The data plane did not take the request '{Request}': {Reason}")]
    public static partial void StopNotPassedOn(ILogger logger, string request, string reason);
}
