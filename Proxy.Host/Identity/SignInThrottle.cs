using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Proxy.Core.Policy;
using Proxy.Host.Configuration.Gateway;

namespace Proxy.Host.Identity;

/// <summary>
/// Counts within each minute: failed sign-ins per address, sign-ins per identity. Past a limit whoever it is waits for the next minute. Thread-safe,
/// and bounded: addresses beyond the first many share counts, many of them, so that a flood does not shut everybody else out.
/// </summary>
public sealed class SignInThrottle(LimitOptions limits, TimeProvider time)
{
    private const int KeysMax = 50_000;
    private const int SharedCounts = 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _failures = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _signIns = new(StringComparer.Ordinal);
    private long _minute;

    /// <summary>Whether an address has failed too often; it is refused before anything that it sends is looked at.</summary>
    public bool IsBlocked(EndPoint? address)
    {
        lock (_gate)
        {
            Turn();
            return _failures.GetValueOrDefault(KeyOf(_failures, AddressOf(address))) >= limits.SignInFailuresPerMinutePerAddressMax;
        }
    }

    public void Failed(EndPoint? address)
    {
        lock (_gate)
        {
            Turn();
            Count(_failures, AddressOf(address));
        }
    }

    /// <summary>Whether an identity may sign in once more.</summary>
    public bool TryTake(Principal principal)
    {
        lock (_gate)
        {
            Turn();
            return Count(_signIns, $"{principal.Issuer}\0{principal.Subject}") <= limits.SignInsPerMinutePerIdentityMax;
        }
    }

    private static int Count(Dictionary<string, int> counts, string key)
    {
        key = KeyOf(counts, key);
        return counts[key] = counts.GetValueOrDefault(key) + 1;
    }

    private static string KeyOf(Dictionary<string, int> counts, string key) => counts.Count >= KeysMax && !counts.ContainsKey(key) ? Shared(key) : key;

    /// <summary>Which one nobody outside can tell: hashes of texts are seeded anew in each process.</summary>
    private static string Shared(string key) => string.Create(CultureInfo.InvariantCulture, $"\0{(uint)key.GetHashCode(StringComparison.Ordinal) % SharedCounts}");

    /// <summary>Whoever has one IPv6 address has 2⁶⁴ of them.</summary>
    private static string AddressOf(EndPoint? endPoint)
    {
        if (endPoint is not IPEndPoint { Address: var address })
            return "local";
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return address.AddressFamily is AddressFamily.InterNetworkV6 ? Convert.ToHexStringLower(address.GetAddressBytes().AsSpan(0, 8)) : address.ToString();
    }

    private void Turn()
    {
        var minute = time.GetUtcNow().UtcTicks / TimeSpan.TicksPerMinute;
        if (minute == _minute)
            return;
        _minute = minute;
        _failures.Clear();
        _signIns.Clear();
    }
}
