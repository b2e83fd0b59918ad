using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace Proxy.Host.Transport;

/// <summary>
/// Watches how long the socket threads are blocked: a violation of <see cref="OffSocketThread"/>'s rule shows here. Twenty times a second each
/// engine thread is asked for a sign of life; the longest wait is exported, and one above 100 ms is logged. On a thread of its own: a busy pool would ask late, and
/// a timer's tick wakes three threads before anybody is asked (measured: 7.7 ms of processor time a second for an idle data plane, 5.6 so).
/// </summary>
public sealed class StallWatchdog : IDisposable
{
    private const int StackBytes = 256 * 1024;

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan WorthALine = TimeSpan.FromMilliseconds(100);

    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly List<EngineProbe> _probes = [];
    private readonly ManualResetEvent _stop = new(false);
    private readonly Lock _gate = new();
    private TimeSpan _previousWindow;
    private TimeSpan _thisWindow;
    private TimeSpan _goingOn;
    private long _windowSince;

    private StallWatchdog(IEnumerable<EngineProbe> probes, Meter meter, ILogger log, TimeProvider time)
    {
        _probes.AddRange(probes);
        _time = time;
        _log = log;
        _windowSince = time.GetTimestamp();
        meter.CreateObservableGauge(
            "phigate_socket_thread_stall_longest_seconds", () => LongestStall.TotalSeconds, description: "Longest time a socket thread was blocked, last 30 to 60 s");
        new Thread(Watch, StackBytes) { IsBackground = true, Name = "stall watchdog" }.Start();
    }

    /// <summary>The longest stall of the last 30 to 60 seconds, one that is going on included.</summary>
    public TimeSpan LongestStall
    {
        get
        {
            lock (_gate)
                return _previousWindow > _thisWindow ? _previousWindow : _thisWindow;
        }
    }

    /// <summary>How many engine threads are watched.</summary>
    public int Threads => _probes.Count;

    /// <summary>Finds a probe for every engine thread: the runtime deals sockets out to them in turn.</summary>
    public static async Task<StallWatchdog> StartAsync(Meter meter, ILogger log, TimeProvider? time = null)
    {
        var clock = time ?? TimeProvider.System;
        var byThread = new Dictionary<int, EngineProbe>();
        for (var sockets = 0; sockets < 2 * Environment.ProcessorCount; sockets++)
        {
            var probe = new EngineProbe(clock);
            probe.Ping();
            if (!byThread.TryAdd(await OffSocketThread.Await(probe.Thread), probe))
                probe.Dispose();
        }
        return new StallWatchdog(byThread.Values, meter, log, clock);
    }

    /// <summary>The thread ends within a period.</summary>
    public void Dispose() => _stop.Set();

    private void Watch()
    {
        while (!_stop.WaitOne(Period))
            Tick();
        foreach (var probe in _probes)
            probe.Dispose();
        _stop.Dispose();
    }

    private void Tick()
    {
        var longest = TimeSpan.Zero;
        foreach (var probe in _probes)
        {
            var stall = probe.TakeLongest();
            longest = stall > longest ? stall : longest;
            probe.Ping();
        }
        Record(longest);
    }

    private void Record(TimeSpan stall)
    {
        var ended = TimeSpan.Zero;
        lock (_gate)
        {
            if (_time.GetElapsedTime(_windowSince) > Window)
            {
                (_previousWindow, _thisWindow) = (_thisWindow, TimeSpan.Zero);
                _windowSince = _time.GetTimestamp();
            }
            _thisWindow = stall > _thisWindow ? stall : _thisWindow;

            // A long stall is seen by many ticks; it is worth one line, when it is over.
            if (stall < _goingOn)
                ended = _goingOn;
            _goingOn = stall;
        }
        if (ended > WorthALine)
            Log.SocketThreadStalled(_log, (long)ended.TotalMilliseconds);
    }
}
