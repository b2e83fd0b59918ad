using Proxy.Core.Policy;
using Proxy.Host.Configuration;

namespace Proxy.Host.DataPlane;

/// <summary>The rules of the newest good configuration.</summary>
internal sealed class ConfigurationPolicySource(ConfigurationWatcher watcher) : IPolicySource
{
    public AccessPolicy Current => watcher.Current.Policy;
}
