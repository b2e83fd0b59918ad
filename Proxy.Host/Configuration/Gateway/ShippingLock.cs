namespace Proxy.Host.Configuration.Gateway;

/// <summary>How Object Lock holds what was shipped. The zero value is the strictest.</summary>
public enum ShippingLock
{
    Compliance = 0,
    Governance,

    /// <summary>The bucket has no Object Lock.</summary>
    None,
}
