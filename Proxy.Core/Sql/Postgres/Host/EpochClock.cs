using Wasmtime;

namespace Proxy.Core.Sql.Postgres.Host;

/// <summary>
/// Advances the engine's epoch at a steady rate, which is what stops a parse that takes too long. A thread of its own: a timer's callback
/// would wait for the thread pool, and a pool that is kept busy is exactly when a deadline has to work.
/// </summary>
internal sealed class EpochClock : IDisposable
{
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(20);

    private readonly Engine _engine;
    private readonly ManualResetEvent _stopped = new(false);
    private readonly Thread _thread;

    public EpochClock(Engine engine)
    {
        _engine = engine;
        _thread = new Thread(Run) { IsBackground = true, Name = "sql-epoch", Priority = ThreadPriority.AboveNormal };
        _thread.Start();
    }

    /// <summary>Epochs after which at least this much time has passed.</summary>
    public static ulong EpochsFor(TimeSpan time) => (ulong)Math.Ceiling(time / Period) + 1;

    public void Dispose()
    {
        _stopped.Set();
        _thread.Join();
        _stopped.Dispose();
    }

    private void Run()
    {
        while (!_stopped.WaitOne(Period)) _engine.IncrementEpoch();
    }
}
