using Microsoft.Extensions.Logging;

namespace Proxy.Host;

/// <summary>
/// Log messages of configuration (1100–1149) and identity (1150–1199). Parameters are names, numbers and places: never SQL, values, tokens or
/// secrets. An id is never reused.
/// </summary>
internal static partial class Log
{
    [LoggerMessage(1100, LogLevel.Information, "Configuration {Previous} replaced by {Version}")]
    public static partial void ConfigurationReloaded(ILogger logger, string previous, string version);

    [LoggerMessage(1101, LogLevel.Error, "Configuration {Version} not taken over: {File}:{Line}:{Column}: {Error}")]
    public static partial void ConfigurationRejected(ILogger logger, string version, string file, int line, int column, string error);

    [LoggerMessage(1102, LogLevel.Warning, "gateway.yaml has changed: listeners, targets, journal and limits of running processes change at the next start")]
    public static partial void GatewayFileChanged(ILogger logger);

    [LoggerMessage(1103, LogLevel.Error, "A part of the process failed to follow the new configuration")]
    public static partial void ConfigurationSubscriberFailed(ILogger logger, Exception exception);

    [LoggerMessage(1104, LogLevel.Warning, "The file system does not announce changes, so files are looked at every few seconds only: {Reason}")]
    public static partial void FileWatchUnavailable(ILogger logger, string reason);

    [LoggerMessage(1150, LogLevel.Information, "Fetched {Keys} keys of issuer {Issuer}")]
    public static partial void IssuerKeysFetched(ILogger logger, string issuer, int keys);

    [LoggerMessage(1151, LogLevel.Warning, "Keys of issuer {Issuer} could not be fetched: {Reason}")]
    public static partial void IssuerKeysUnavailable(ILogger logger, string issuer, string reason);

    [LoggerMessage(1152, LogLevel.Warning, "Issuer {Issuer} publishes a key that is not used: {Reason}")]
    public static partial void IssuerKeyIgnored(ILogger logger, string issuer, string reason);
}
