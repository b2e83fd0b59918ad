namespace Proxy.Host.DataPlane;

/// <summary>How the data plane's process runs.</summary>
public sealed record DataPlaneProcessOptions
{
    /// <summary>Where to listen for the control plane; null when the data plane runs alone.</summary>
    public string? ControlSocketPath { get; init; }

    /// <summary>Says when the control plane is gone; null when the data plane runs alone.</summary>
    public ControlPlaneWatch? ControlPlane { get; init; }

    /// <summary>How long sessions may take to finish after SIGTERM, or when the control plane dies.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the goodbyes of the last sessions may take after the drain's deadline.</summary>
    public TimeSpan CutOffTimeout { get; init; } = TimeSpan.FromSeconds(5);
}
