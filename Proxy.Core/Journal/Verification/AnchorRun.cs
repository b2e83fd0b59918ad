using Proxy.Core.Journal.Heads;

namespace Proxy.Core.Journal.Verification;

/// <summary>Stretches of files, one behind the other, in which heads are in the order of their sizes. Holds one head at a time, and one file open.</summary>
internal sealed class AnchorRun : IDisposable
{
    private readonly Queue<(string Path, long From, long To)> _stretches = new();
    private HeadReader? _reader;

    /// <summary>Before the first head is looked at.</summary>
    public void Add(string path, long from, long to)
    {
        if (to > from)
            _stretches.Enqueue((path, from, to));
    }

    /// <summary>The next head, without going past it; null behind the last.</summary>
    public SignedHead? Peek()
    {
        while (_reader?.Peek() is null)
        {
            _reader?.Dispose();
            _reader = null;
            if (!_stretches.TryDequeue(out (string Path, long From, long To) next))
                return null;
            _reader = new HeadReader(next.Path, next.From, next.To);
        }
        return _reader.Peek();
    }

    public void Skip() => _reader?.Read();

    public void Dispose() => _reader?.Dispose();
}
