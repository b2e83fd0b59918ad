using System.Diagnostics;

namespace Proxy.Host.DataPlane;

/// <summary>
/// Ends the data plane with its control plane, whatever either of them is doing. A thread of its own reads standard input, a pipe that the control plane holds
/// the other end of and never writes to: the kernel closes it with the control plane, however that ended and however early. (A parent-death signal would come
/// when the *thread* that started the child ends.) What has not ended in time is killed, which the journal is made for: a start that hangs in a file or a
/// library hears of no cancellation. Nobody stops the thread, since a process may also hang in what it does last.
/// </summary>
public sealed class ControlPlaneWatch
{
    /// <summary>For a start to be broken off.</summary>
    private static readonly TimeSpan GraceAtStart = TimeSpan.FromSeconds(10);

    /// <summary>Behind a drain: the journal's last head, its anchors, the streams.</summary>
    private static readonly TimeSpan GraceBehindDrain = TimeSpan.FromSeconds(30);

    private readonly Stream _pipe;
    private readonly Action _kill;
    private readonly TaskCompletionSource _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly object _graceChanged = new();
    private TimeSpan _grace = GraceAtStart;

    /// <param name="pipe">At its end the control plane is gone.</param>
    /// <param name="kill">Ends this process at once.</param>
    internal ControlPlaneWatch(Stream pipe, Action kill)
    {
        (_pipe, _kill) = (pipe, kill);
        new Thread(Watch, 64 * 1024) { IsBackground = true, Name = "control plane watch" }.Start();
    }

    /// <summary>Completes when the control plane is gone.</summary>
    public Task Lost => _lost.Task;

    /// <summary>The first thing that a data plane does which was started by a control plane.</summary>
    public static ControlPlaneWatch Start() => new(Console.OpenStandardInput(), static () => Process.GetCurrentProcess().Kill());

    /// <summary>There may be sessions from now on, which have so long to end.</summary>
    public void AllowDrain(TimeSpan timeout)
    {
        lock (_graceChanged)
        {
            _grace = timeout + GraceBehindDrain;
            Monitor.Pulse(_graceChanged);
        }
    }

    private void Watch()
    {
        WaitForEnd();
        var since = Stopwatch.GetTimestamp();
        _lost.SetResult();
        lock (_graceChanged)
        {
            while (_grace - Stopwatch.GetElapsedTime(since) is var rest && rest > TimeSpan.Zero)
                Monitor.Wait(_graceChanged, rest);
        }
        _kill();
    }

    private void WaitForEnd()
    {
        try
        {
            Span<byte> ignored = stackalloc byte[64];
            while (_pipe.Read(ignored) > 0)
            {
            }
        }
        catch (IOException)
        {
            // As good as its end.
        }
    }
}
