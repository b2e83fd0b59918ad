using Microsoft.Extensions.Hosting;

namespace Proxy.Host.ControlPlane;

/// <summary>Signals are this process's business; ASP.NET's own handler would stop HTTP while sessions still drain.</summary>
internal sealed class NoSignals : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
