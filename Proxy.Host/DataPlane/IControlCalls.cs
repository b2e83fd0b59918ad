namespace Proxy.Host.DataPlane;

/// <summary>What the control plane can ask the data plane to do, beside status and drain.</summary>
public interface IControlCalls
{
    /// <summary>The answer as JSON; null when there is no such call, or when it cannot be understood. May wait; never on a socket thread.</summary>
    Task<string?> CallAsync(string name, string body, CancellationToken cancellationToken);
}
