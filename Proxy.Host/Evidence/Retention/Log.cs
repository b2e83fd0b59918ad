using Microsoft.Extensions.Logging;

namespace Proxy.Host.Evidence.Retention;

/// <summary>Events 1450–1459.</summary>
internal static partial class Log
{
    [LoggerMessage(1450, LogLevel.Information, "{Segments} segments of the journal, older than {Days} days, were purged; a record says so")]
    public static partial void Purged(ILogger logger, int segments, int days);

    [LoggerMessage(1452, LogLevel.Information, "What is sealed in {Segments} segments of the journal, older than {Days} days, was erased; a record says so")]
    public static partial void ContentErased(ILogger logger, int segments, int days);

    [LoggerMessage(1451, LogLevel.Error, "Nothing is purged or erased: {Reason}")]
    public static partial void PurgeFailed(ILogger logger, string reason);
}
