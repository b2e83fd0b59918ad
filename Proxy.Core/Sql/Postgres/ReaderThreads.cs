using System.Collections.Concurrent;

namespace Proxy.Core.Sql.Postgres;

/// <summary>
/// Threads with a stack of our choice. The grammar's stack lies on the thread that calls it, and how big the stacks of other threads are
/// depends on the platform: 1 MiB of grammar on a 1 MiB thread ends the process (measured).
/// </summary>
internal sealed class ReaderThreads : IDisposable
{
    private const int StackBytes = 16 * 1024 * 1024;

    private readonly BlockingCollection<WaitingText> _waiting;
    private readonly Thread[] _threads;
    private readonly Func<WaitingText, StatementAnalysis> _read;

    public ReaderThreads(int count, int waitingMax, Func<WaitingText, StatementAnalysis> read)
    {
        _read = read;
        _waiting = new BlockingCollection<WaitingText>(waitingMax);
        _threads = new Thread[count];
        for (int i = 0; i < count; i++)
        {
            _threads[i] = new Thread(Run, StackBytes) { IsBackground = true, Name = $"sql-reader-{i}" };
            _threads[i].Start();
        }
    }

    /// <summary>False when too many texts wait, or when the threads have ended.</summary>
    public bool TryAdd(WaitingText text)
    {
        try
        {
            return _waiting.TryAdd(text);
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Reads what waits, then ends.</summary>
    public void Dispose()
    {
        _waiting.CompleteAdding();
        foreach (Thread thread in _threads) thread.Join();
        _waiting.Dispose();
    }

    private void Run()
    {
        foreach (WaitingText text in _waiting.GetConsumingEnumerable())
        {
            if (text.CancellationToken.IsCancellationRequested) text.Completion.SetCanceled(text.CancellationToken);
            else text.Completion.SetResult(_read(text));
        }
    }
}
