using System.Buffers.Binary;
using System.Net;

namespace Proxy.Tests.Host.Transport.ProxyProtocol;

/// <summary>Headers as load balancers send them.</summary>
public static class ProxyHeaderBytes
{
    public static byte[] Tcp4(string client, ushort port, byte[]? fields = null) => Of(0x21, 0x11, [.. Addresses(client, "10.0.0.9", port), .. fields ?? []]);

    public static byte[] Tcp6(string client, ushort port) => Of(0x21, 0x21, Addresses(client, "2001:db8::1", port));

    public static byte[] Local() => Of(0x20, 0x00, []);

    public static byte[] Of(byte command, byte family, byte[] rest)
    {
        byte[] header = [.. "\r\n\r\n\0\r\nQUIT\n"u8, command, family, 0, 0, .. rest];
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(14), (ushort)rest.Length);
        return header;
    }

    private static byte[] Addresses(string client, string server, ushort port)
    {
        byte[] ports = [0, 0, 0x14, 0xEA];
        BinaryPrimitives.WriteUInt16BigEndian(ports, port);
        return [.. IPAddress.Parse(client).GetAddressBytes(), .. IPAddress.Parse(server).GetAddressBytes(), .. ports];
    }
}
