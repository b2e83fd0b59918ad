using System.Net;
using System.Net.Sockets;

namespace Proxy.Tests.Support;

/// <summary>A TCP port nobody listens on at this moment. Another process may take it, so whoever uses it must be ready to try again.</summary>
public static class FreePort
{
    public static int Next()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
