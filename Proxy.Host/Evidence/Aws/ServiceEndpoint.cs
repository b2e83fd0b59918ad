using Amazon;
using Amazon.Runtime;

namespace Proxy.Host.Evidence.Aws;

/// <summary>Where a service of AWS is.</summary>
internal static class ServiceEndpoint
{
    /// <summary>A URL displaces the region in the SDK's settings; requests are signed for the region all the same.</summary>
    /// <param name="settings">Of the client to be.</param>
    /// <param name="region">By name; null takes what the SDK finds.</param>
    /// <param name="url">Instead of the region's own endpoint.</param>
    public static void Set(ClientConfig settings, string? region, Uri? url)
    {
        if (region is not null) settings.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        if (url is null) return;
        settings.ServiceURL = url.ToString();
        settings.AuthenticationRegion = region;
    }
}
