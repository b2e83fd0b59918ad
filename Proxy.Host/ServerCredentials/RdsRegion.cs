using Proxy.Host.Configuration.Gateway;

namespace Proxy.Host.ServerCredentials;

/// <summary>Endpoints of RDS and Aurora are named <c>….REGION.rds.amazonaws.com</c> (or <c>.com.cn</c>).</summary>
internal static class RdsRegion
{
    /// <summary>Null when neither the operator nor the name says it.</summary>
    public static string? Of(RdsIamOptions options, NetworkAddress address)
    {
        if (options.Region is { } region)
            return region;
        var labels = (options.Endpoint ?? address).Host.ToLowerInvariant().Split('.');
        var rds = Array.LastIndexOf(labels, "rds");
        return rds > 0 && rds + 1 < labels.Length && labels[rds + 1] is "amazonaws" ? labels[rds - 1] : null;
    }
}
