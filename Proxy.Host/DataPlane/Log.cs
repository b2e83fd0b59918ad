using Microsoft.Extensions.Logging;

namespace Proxy.Host.DataPlane;

/// <summary>Events 1200–1249.</summary>
internal static partial class Log
{
    [LoggerMessage(1200, LogLevel.Error, "The control plane is gone; draining")]
    public static partial void ControlPlaneLost(ILogger logger);

    [LoggerMessage(1201, LogLevel.Information, "The data plane is running; {Threads} socket threads are watched")]
    public static partial void Running(ILogger logger, int threads);

    [LoggerMessage(1202, LogLevel.Information, "Draining")]
    public static partial void Draining(ILogger logger);

    [LoggerMessage(1203, LogLevel.Warning, "Sessions were still open after the drain's deadline and are cut off")]
    public static partial void DrainOverdue(ILogger logger);

    [LoggerMessage(1204, LogLevel.Information, "The data plane has ended")]
    public static partial void Ended(ILogger logger);

    [LoggerMessage(1205, LogLevel.Information,
        "Journal in {Directory} goes on at record {Next}; closed cleanly: {WasClean}, torn records: {Torn}, statements of unknown outcome: {Unknown}")]
    public static partial void JournalOpened(ILogger logger, string directory, long next, bool wasClean, long torn, int unknown);

    [LoggerMessage(1206, LogLevel.Information, "Listener {Name} on {EndPoint}")]
    public static partial void Listening(ILogger logger, string name, string endPoint);
}
