using Proxy.Host.Configuration.Gateway;
using Proxy.Host.DataPlane;

namespace Proxy.Host.Identity.Credentials;

/// <summary>Where clients reach targets: on one listener whatever the target (PostgreSQL), or on the target's own (MySQL).</summary>
internal sealed class PublicAddresses(CredentialDeskOptions desk, IReadOnlyCollection<ListenerOptions> listeners)
{
    /// <returns>Null when no listener with TLS leads to the target.</returns>
    public NetworkAddress? Of(TargetDatabase target)
    {
        var leading = listeners.Where(listener => listener.Tls is not null && listener.Protocol == target.Protocol && (listener.Target ?? target.Name) == target.Name);
        if (leading.OrderBy(listener => listener.Target is null).FirstOrDefault() is not { } listener) return null;
        return listener.PublicAddress
            ?? (listener.Protocol is WireProtocol.PostgreSql ? desk.PublicAddress : new NetworkAddress(desk.PublicAddress.Host, listener.Address.Port));
    }
}
