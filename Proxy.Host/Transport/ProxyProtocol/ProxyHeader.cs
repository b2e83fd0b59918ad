using System.Buffers.Binary;
using System.Net;

namespace Proxy.Host.Transport.ProxyProtocol;

/// <summary>
/// The header of the PROXY protocol, version 2 (https://www.haproxy.org/download/2.9/doc/proxy-protocol.txt, §2.2): a signature, version and command,
/// family and protocol, a length, and so many bytes of addresses and type-length-value fields, which are skipped.
/// </summary>
internal static class ProxyHeader
{
    /// <summary>Signature, version and command, family and protocol, length of the rest.</summary>
    public const int FixedBytes = 16;

    /// <summary>Of the rest. Load balancers send some hundred bytes of fields; nobody gets 64 KiB of ours before it is known.</summary>
    public const int RestBytesMax = 4096;

    private const byte Local = 0x20;
    private const byte Proxied = 0x21;
    private const byte Tcp4 = 0x11;
    private const byte Tcp6 = 0x21;
    private const int Tcp4Bytes = (2 * 4) + (2 * sizeof(ushort));
    private const int Tcp6Bytes = (2 * 16) + (2 * sizeof(ushort));

    private static ReadOnlySpan<byte> Signature => "\r\n\r\n\0\r\nQUIT\n"u8;

    /// <summary>How many bytes follow the fixed part; null when it is no such header, or too long a one.</summary>
    public static int? RestOf(ReadOnlySpan<byte> header) =>
        header.Length == FixedBytes && header.StartsWith(Signature) && header[12] is Local or Proxied
        && BinaryPrimitives.ReadUInt16BigEndian(header[14..]) is <= RestBytesMax and var rest
            ? rest
            : null;

    /// <summary>Whom the proxy speaks for.</summary>
    /// <param name="header">The fixed part.</param>
    /// <param name="rest">What follows it.</param>
    /// <param name="proxy">The proxy itself, which LOCAL speaks for (health checks).</param>
    /// <returns>Null when the header is malformed, or of a family that cannot reach us.</returns>
    public static IPEndPoint? ClientOf(ReadOnlySpan<byte> header, ReadOnlySpan<byte> rest, IPEndPoint proxy) => (header[12], header[13]) switch
    {
        (Local, _) => proxy,
        (Proxied, Tcp4) when rest.Length >= Tcp4Bytes => EndPoint(rest[..4], rest[8..]),
        (Proxied, Tcp6) when rest.Length >= Tcp6Bytes => EndPoint(rest[..16], rest[32..]),
        _ => null,
    };

    private static IPEndPoint EndPoint(ReadOnlySpan<byte> address, ReadOnlySpan<byte> port) =>
        new(new IPAddress(address) is { IsIPv4MappedToIPv6: true } mapped ? mapped.MapToIPv4() : new IPAddress(address), BinaryPrimitives.ReadUInt16BigEndian(port));
}
