using Microsoft.Extensions.Logging;

namespace Proxy.Protocols;

/// <summary>Everything this assembly logs. Ids 2000 to 2999. No parameter ever holds text of a statement, a value, or a secret.</summary>
internal static partial class Log
{
    [LoggerMessage(2000, LogLevel.Information, "Session {SessionId} on {Target} ended: {End} {Violation}")]
    public static partial void SessionEnded(ILogger logger, Guid sessionId, string target, SessionEnd end, string violation);

    [LoggerMessage(2001, LogLevel.Error, "Session {SessionId} met a fault")]
    public static partial void SessionFaulted(ILogger logger, Guid sessionId, Exception fault);

    [LoggerMessage(2002, LogLevel.Information, "Connection refused: {Code}")]
    public static partial void ConnectionRefused(ILogger logger, string code);

    [LoggerMessage(2003, LogLevel.Information, "TLS handshake failed: {Reason}")]
    public static partial void HandshakeFailed(ILogger logger, string reason);

    [LoggerMessage(2004, LogLevel.Debug, "Connection lost before it was a session: {Reason}")]
    public static partial void ConnectionLost(ILogger logger, string reason);

    [LoggerMessage(2005, LogLevel.Warning, "Target {Target} cannot be reached: {Reason}")]
    public static partial void ServerUnreachable(ILogger logger, string target, string reason);

    [LoggerMessage(2010, LogLevel.Error, "TLS with target {Target} failed: {Reason}")]
    public static partial void ServerTlsFailed(ILogger logger, string target, string reason);

    [LoggerMessage(2006, LogLevel.Warning, "Login to target {Target} failed: {Reason} {SqlState}")]
    public static partial void ServerLoginFailed(ILogger logger, string target, string reason, string sqlState);

    [LoggerMessage(2007, LogLevel.Information, "Cancel request for {ProcessId} passed on")]
    public static partial void CancelForwarded(ILogger logger, int processId);

    [LoggerMessage(2008, LogLevel.Information, "Cancel request ignored: unknown key, or too soon after the last")]
    public static partial void CancelIgnored(ILogger logger);

    [LoggerMessage(2009, LogLevel.Warning, "Cancel request could not be passed on to target {Target}: {Reason}")]
    public static partial void CancelFailed(ILogger logger, string target, string reason);

    [LoggerMessage(2010, LogLevel.Error, "Alarm: session {Session} on target {Target} was ended, because it ran into refusals again and again: {Why}")]
    public static partial void RanIntoRefusals(ILogger logger, Guid session, string target, string why);
}
