using Microsoft.Extensions.Logging;

namespace Proxy.Host.Evidence.Shipping;

/// <summary>Events 1350–1399.</summary>
internal static partial class Log
{
    [LoggerMessage(1350, LogLevel.Warning, "Shipping the journal waits: {Reason}. Segments stay here, and follow when the store is back")]
    public static partial void ShippingFails(ILogger logger, string reason);

    [LoggerMessage(1351, LogLevel.Information, "Shipping the journal goes on where it stopped")]
    public static partial void ShippingResumed(ILogger logger);
}
