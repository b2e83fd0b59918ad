using Proxy.Host.Configuration.Gateway;

namespace Proxy.Host.Checks;

/// <summary>Connects to a target and reads what a check needs.</summary>
public interface ITargetInspector
{
    /// <exception cref="TargetUnreachableException">It cannot be had; the message is fit for people and holds no secret.</exception>
    Task<TargetFacts> InspectAsync(TargetOptions target, string database, CancellationToken cancellationToken);
}
