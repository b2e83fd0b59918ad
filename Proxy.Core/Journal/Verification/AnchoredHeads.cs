using Proxy.Core.Journal.Heads;

namespace Proxy.Core.Journal.Verification;

/// <summary>
/// Heads that anchors kept, in the order of their sizes, whatever files they are in: one every five seconds for years is more than memory holds. A file has them
/// in that order, but for where a journal went on from an older copy of itself; there a new run begins, and runs are merged. Reads what was there when it was made.
/// </summary>
internal sealed class AnchoredHeads : IDisposable
{
    /// <summary>Each has a file open.</summary>
    private const int RunsMax = 256;

    private readonly PriorityQueue<AnchorRun, long> _runs = new();

    /// <param name="files">Read one behind the other: so many files of one head each, in the order of their names, are one run.</param>
    /// <exception cref="IOException">One cannot be read, or holds something else, or they are in no order.</exception>
    public AnchoredHeads(IEnumerable<string> files)
    {
        List<AnchorRun> runs = RunsOf(files);
        foreach (AnchorRun run in runs)
            Enqueue(run);
    }

    /// <summary>The next head, without going past it; null behind the last.</summary>
    public SignedHead? Peek() => _runs.TryPeek(out AnchorRun? run, out _) ? run.Peek() : null;

    public void Skip()
    {
        if (!_runs.TryDequeue(out AnchorRun? run, out _))
            return;
        run.Skip();
        Enqueue(run);
    }

    public void Dispose()
    {
        foreach ((AnchorRun run, _) in _runs.UnorderedItems)
            run.Dispose();
    }

    private void Enqueue(AnchorRun run)
    {
        if (run.Peek() is { } head)
            _runs.Enqueue(run, head.Head.Size);
        else
            run.Dispose();
    }

    private static List<AnchorRun> RunsOf(IEnumerable<string> files)
    {
        var runs = new List<AnchorRun>();
        long size = long.MaxValue;
        foreach (string path in files)
        {
            using var reader = new HeadReader(path);
            long from = 0;
            while (reader.Peek() is { } head)
            {
                if (head.Head.Size < size)
                {
                    if (runs.Count == RunsMax)
                        throw new IOException($"{path}: the heads of the anchors are not in the order of their sizes.");
                    if (runs.Count > 0)
                        runs[^1].Add(path, from, reader.Position);
                    runs.Add(new AnchorRun());
                    from = reader.Position;
                }
                size = head.Head.Size;
                reader.Read();
            }
            if (reader.Rest > 0)
                throw new IOException($"{path} does not hold heads only: {reader.Rest} bytes at its end are none.");
            if (runs.Count > 0)
                runs[^1].Add(path, from, reader.Position);
        }
        return runs;
    }
}
