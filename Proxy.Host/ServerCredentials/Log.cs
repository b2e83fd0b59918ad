using Microsoft.Extensions.Logging;

namespace Proxy.Host.ServerCredentials;

/// <summary>Events 1260–1269. A source is named, what came from it never is.</summary>
internal static partial class Log
{
    [LoggerMessage(1260, LogLevel.Warning, "No credential for a server: {Reason}")]
    public static partial void CredentialUnavailable(ILogger logger, string reason);

    [LoggerMessage(1261, LogLevel.Warning, "A server rejected the credential from {Source}; it is fetched anew")]
    public static partial void CredentialRejected(ILogger logger, string source);
}
