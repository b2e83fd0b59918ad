using Microsoft.Extensions.Logging;

namespace Proxy.Host.DataPlane;

/// <summary>Events 1150–1199.</summary>
internal static partial class Log
{
    [LoggerMessage(1150, LogLevel.Error, "The control plane is gone; draining")]
    public static partial void ControlPlaneLost(ILogger logger);

    [LoggerMessage(1151, LogLevel.Information, "The data plane is running; {Threads} socket threads are watched")]
    public static partial void Running(ILogger logger, int threads);

    [LoggerMessage(1152, LogLevel.Information, "Draining")]
    public static partial void Draining(ILogger logger);

    [LoggerMessage(1153, LogLevel.Warning, "Sessions were still open after the drain's deadline and are cut off")]
    public static partial void DrainOverdue(ILogger logger);

    [LoggerMessage(1154, LogLevel.Information, "The data plane has ended")]
    public static partial void Ended(ILogger logger);
}
