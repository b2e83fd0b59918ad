using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;

namespace Proxy.Host.ControlPlane;

/// <summary>Passes requests to stop on to the data plane: the first as a drain, the second as the end of patience.</summary>
internal sealed class StopRequests(ControlSocketClient dataPlane, TimeSpan drainTimeout, ILogger log)
{
    private int _count;

    public bool Requested => Volatile.Read(ref _count) > 0;

    public void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        Request();
    }

    public void Request() => _ = PassOnAsync(Interlocked.Increment(ref _count) == 1);

    private async Task PassOnAsync(bool first)
    {
        var request = first ? string.Create(CultureInfo.InvariantCulture, $"drain {(uint)drainTimeout.TotalSeconds}") : "stop";
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!patience.IsCancellationRequested)
        {
            try
            {
                await dataPlane.AskAsync(request, patience.Token);
                return;
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
                Log.StopNotPassedOn(log, request, e.Message);
                await Task.Delay(TimeSpan.FromMilliseconds(200)); // It may still be coming up.
            }
        }
    }
}
