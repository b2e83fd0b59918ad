using System.Globalization;
using System.Net;
using System.Text.Json.Serialization;

namespace Proxy.Host.Configuration.Gateway;

/// <summary>A host (name or IP address, brackets removed) and a port. Port 0 lets the system choose, for listeners in tests.</summary>
[JsonConverter(typeof(NetworkAddressConverter))]
public sealed record NetworkAddress(string Host, int Port)
{
    public bool IsLoopback => Host is "localhost" || (IPAddress.TryParse(Host, out var address) && IPAddress.IsLoopback(address));

    public static bool TryParse(string text, out NetworkAddress? address)
    {
        address = null;
        var colon = text.LastIndexOf(':');
        if (colon <= 0 || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port > 65535)
            return false;
        var host = text[..colon];
        if (host is ['[', .. var inner, ']'])
            host = inner;
        address = new NetworkAddress(host, port);
        return true;
    }

    public override string ToString() => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
