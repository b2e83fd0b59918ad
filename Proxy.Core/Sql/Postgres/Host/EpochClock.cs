using Wasmtime;

namespace Proxy.Core.Sql.Postgres.Host;

/// <summary>
/// Advances the engine's epoch at a steady rate while the grammar is called, which is what stops a parse that takes too long. A thread of its own: a
/// timer's callback would wait for the thread pool, and a pool that is kept busy is exactly when a deadline has to work. While nothing is called it
/// stands still: with it and the journal's warming asleep, an idle gateway does half as much.
/// </summary>
internal sealed class EpochClock : IDisposable
{
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(20);

    /// <summary>Before it stands still: starting it again is a system call, which not every call shall pay for.</summary>
    private const int QuietPeriods = 50;

    private readonly Engine _engine;
    private readonly ManualResetEvent _stopped = new(false);
    private readonly AutoResetEvent _wake = new(false); // Only while it stands still: else a late one would make a period shorter.
    private readonly Thread _thread;
    private int _calls;
    private volatile bool _stands;

    public EpochClock(Engine engine)
    {
        _engine = engine;
        _thread = new Thread(Run) { IsBackground = true, Name = "sql-epoch", Priority = ThreadPriority.AboveNormal };
        _thread.Start();
    }

    public bool IsStandingStill => _stands;

    /// <summary>Epochs after which at least this much time has passed.</summary>
    public static ulong EpochsFor(TimeSpan time) => (ulong)Math.Ceiling(time / Period) + 1;

    /// <summary>Before a call that has a deadline; <see cref="End"/> behind it.</summary>
    public void Begin()
    {
        // A full fence, as in StandStill: either the clock sees the call, or the call sees that the clock stands.
        Interlocked.Increment(ref _calls);
        if (_stands) _wake.Set();
    }

    public void End() => Interlocked.Decrement(ref _calls);

    public void Dispose()
    {
        _stopped.Set();
        _wake.Set();
        _thread.Join();
        _stopped.Dispose();
        _wake.Dispose();
    }

    private void Run()
    {
        int quiet = 0;
        while (!_stopped.WaitOne(Period))
        {
            _engine.IncrementEpoch();
            quiet = Volatile.Read(ref _calls) > 0 ? 0 : quiet + 1;
            if (quiet < QuietPeriods) continue;
            StandStill();
            quiet = 0;
        }
    }

    private void StandStill()
    {
        _stands = true;
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _calls) == 0) _wake.WaitOne();
        _stands = false;
    }
}
