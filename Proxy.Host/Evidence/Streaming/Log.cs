using Microsoft.Extensions.Logging;

namespace Proxy.Host.Evidence.Streaming;

/// <summary>Events 1300–1349.</summary>
internal static partial class Log
{
    [LoggerMessage(1300, LogLevel.Warning, "Stream {Name} waits: {Reason}. Records stay in the journal, and follow when the receiver is back")]
    public static partial void StreamFails(ILogger logger, string name, string reason);

    [LoggerMessage(1301, LogLevel.Information, "Stream {Name} goes on where it stopped")]
    public static partial void StreamResumed(ILogger logger, string name);
}
