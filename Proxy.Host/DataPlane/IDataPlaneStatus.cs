namespace Proxy.Host.DataPlane;

/// <summary>What /readyz asks.</summary>
public interface IDataPlaneStatus
{
    /// <summary>Cheap, from any thread, at any time after composition.</summary>
    DataPlaneReadiness Readiness { get; }
}
