using System.Diagnostics.Metrics;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Proxy.Host.Metrics;
using Proxy.Host.Transport;

namespace Proxy.Host.DataPlane;

/// <summary>
/// The life of the process with the sockets: checks its environment, starts the data plane, answers the control plane, drains and ends. The first
/// SIGTERM or SIGINT drains, the second cuts off; as a child of the control plane it leaves SIGINT to its parent (a terminal sends it to both).
/// </summary>
public static class DataPlaneProcess
{
    public const string MeterName = "PhiGate";

    /// <summary>The environment is not what the data plane needs (sysexits: EX_CONFIG).</summary>
    public const int ExitEnvironment = 78;

    /// <param name="options">How to run.</param>
    /// <param name="compose">Makes the data plane; it has the drain signal from its birth, so that sessions can be given it.</param>
    /// <param name="meter">The process's meter, of the name <see cref="MeterName"/>.</param>
    /// <param name="log">For the life of the process.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(DataPlaneProcessOptions options, Func<DrainSignal, IDataPlane> compose, Meter meter, ILogger log)
    {
        if (DataPlaneEnvironment.Missing() is { Count: > 0 } missing)
        {
            await Console.Error.WriteLineAsync($"The data plane needs this in its environment before it starts: {string.Join(' ', missing)}");
            return ExitEnvironment;
        }
        return await RunCheckedAsync(options, compose, meter, log);
    }

    /// <summary>Without the check of the environment; for tests, which cannot change theirs.</summary>
    internal static async Task<int> RunCheckedAsync(DataPlaneProcessOptions options, Func<DrainSignal, IDataPlane> compose, Meter meter, ILogger log)
    {
        using var drain = new DrainSignal(TimeProvider.System);
        using var metrics = new PrometheusExporter(meter.Name);
        using var watchdog = await StallWatchdog.StartAsync(meter, log);
        // The runtime makes all socket threads with its first socket, and the watchdog has some.
        var batchThreads = BatchScheduling.EnterSocketThreads();
        using var terminate = OnSignal(PosixSignal.SIGTERM, drain, options.DrainTimeout);
        using var interrupt = options.ControlSocketPath is null
            ? OnSignal(PosixSignal.SIGINT, drain, options.DrainTimeout)
            : PosixSignalRegistration.Create(PosixSignal.SIGINT, static context => context.Cancel = true);
        _ = DrainWhenLostAsync(options, drain, log);
        await using var plane = compose(drain);
        await using var control = options.ControlSocketPath is { } path
            ? new ControlSocketServer(path, plane, plane, metrics, drain, options.DrainTimeout, log)
            : null;
        try
        {
            await OffSocketThread.Run(() => plane.StartAsync(drain.Draining));
        }
        catch (OperationCanceledException) when (drain.IsDraining)
        {
            return 0;
        }
        options.ControlPlane?.AllowDrain(options.DrainTimeout + options.CutOffTimeout);
        Log.Running(log, watchdog.Threads, batchThreads);
        await DrainedAsync(plane, drain, options, log);
        Log.Ended(log);
        return 0;
    }

    private static PosixSignalRegistration OnSignal(PosixSignal signal, DrainSignal drain, TimeSpan timeout) =>
        PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            if (drain.IsDraining)
                drain.Expire();
            else
                drain.Begin(timeout);
        });

    private static async Task DrainWhenLostAsync(DataPlaneProcessOptions options, DrainSignal drain, ILogger log)
    {
        if (options.ControlPlane is not { } controlPlane) return;
        await OffSocketThread.Await(controlPlane.Lost);
        DrainAlone(drain, options.DrainTimeout, log);
    }

    /// <summary>The control plane has died: drains, rather than run unwatched.</summary>
    internal static void DrainAlone(DrainSignal drain, TimeSpan timeout, ILogger log)
    {
        if (drain.Begin(timeout)) Log.ControlPlaneLost(log);
    }

    private static async Task DrainedAsync(IDataPlane plane, DrainSignal drain, DataPlaneProcessOptions options, ILogger log)
    {
        await Fired(drain.Draining);
        Log.Draining(log);
        var draining = OffSocketThread.Run(() => plane.DrainAsync(drain)).AsTask();
        if (await Task.WhenAny(draining, Fired(drain.Deadline)) != draining)
        {
            Log.DrainOverdue(log);
            await Task.WhenAny(draining, Task.Delay(options.CutOffTimeout));
        }
        if (draining.IsCompleted)
            await draining;
    }

    private static Task Fired(CancellationToken token)
    {
        var fired = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        token.UnsafeRegister(static source => ((TaskCompletionSource)source!).TrySetResult(), fired);
        return fired.Task;
    }
}
