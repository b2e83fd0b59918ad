namespace Proxy.Host.DataPlane;

/// <summary>The composed data plane, as its process sees it.</summary>
public interface IDataPlane : IDataPlaneStatus, IControlCalls, IAsyncDisposable
{
    /// <summary>Opens journal and catalogue and begins to listen. Throws what the operator must mend.</summary>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Stops accepting, lets each session finish its transaction, and returns when all have ended. When <see cref="DrainSignal.Deadline"/> fires,
    /// the sessions left are ended with FATAL 57P01.
    /// </summary>
    Task DrainAsync(DrainSignal drain);
}
