using Microsoft.Extensions.Logging;

namespace Proxy.Host.Evidence.Retention;

/// <summary>Events 1450–1459.</summary>
internal static partial class Log
{
    [LoggerMessage(1450, LogLevel.Information, "{Segments} segments of the journal, older than {Days} days, were purged; a record says so")]
    public static partial void Purged(ILogger logger, int segments, int days);

    [LoggerMessage(1451, LogLevel.Error, "The journal cannot be purged: {Reason}")]
    public static partial void PurgeFailed(ILogger logger, string reason);
}
