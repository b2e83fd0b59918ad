using Microsoft.Extensions.Logging;

namespace Proxy.Host.Evidence.Replication;

/// <summary>Events 1400–1449.</summary>
internal static partial class Log
{
    [LoggerMessage(1400, LogLevel.Error, "The journal's replica {Name} is lost, and new statements are refused: {Reason}")]
    public static partial void ReplicaLost(ILogger logger, string name, string reason);

    [LoggerMessage(1401, LogLevel.Information, "The journal's replica {Name} has everything")]
    public static partial void ReplicaResumed(ILogger logger, string name);

    [LoggerMessage(1410, LogLevel.Information, "Copies of journals are kept in {Directory}, and taken on {EndPoint}")]
    public static partial void Listening(ILogger logger, string directory, string endPoint);

    [LoggerMessage(1411, LogLevel.Information, "Journal {Journal} comes from {Address}, {Certificate}")]
    public static partial void JournalBegins(ILogger logger, Guid journal, string address, string certificate);

    [LoggerMessage(1412, LogLevel.Warning, "The connection from {Address} has ended: {Reason}")]
    public static partial void ConnectionEnded(ILogger logger, string address, string reason);

    [LoggerMessage(1413, LogLevel.Warning, "A connection from {Address} was turned away: {Reason}")]
    public static partial void ConnectionRefused(ILogger logger, string address, string reason);
}
