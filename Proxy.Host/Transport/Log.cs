using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Proxy.Host.Transport;

/// <summary>Events 1000–1049. No values of clients, only end points and codes.</summary>
internal static partial class Log
{
    [LoggerMessage(1000, LogLevel.Error, "Accepting on {EndPoint} failed: {Error}")]
    public static partial void AcceptFailed(ILogger logger, IPEndPoint endPoint, SocketError error);

    [LoggerMessage(1001, LogLevel.Error, "A connection to {EndPoint} ended with a fault")]
    public static partial void ConnectionFaulted(ILogger logger, IPEndPoint endPoint, Exception exception);

    [LoggerMessage(1002, LogLevel.Warning, "A connection to {EndPoint} was refused: limit on {Limit}")]
    public static partial void ConnectionRefused(ILogger logger, IPEndPoint endPoint, AdmissionLimit limit);

    [LoggerMessage(1004, LogLevel.Warning, "A connection to {EndPoint} was closed, for it is none of a load balancer: {Reason}")]
    public static partial void ProxyHeaderRejected(ILogger logger, IPEndPoint endPoint, string reason);

    [LoggerMessage(1003, LogLevel.Warning, "A socket thread was blocked for {Milliseconds} ms; all sessions on it stood still")]
    public static partial void SocketThreadStalled(ILogger logger, long milliseconds);
}
