using System.Buffers;
using System.Collections.Concurrent;

namespace Proxy.Core.Journal.Heads;

/// <summary>
/// Appends leaves to a tree on a thread of its own: for whoever hashes a whole journal, the tree is nearly half of the work, and needs nothing of the
/// other half but the leaves. The tree is looked at between <see cref="Settle"/> and the next leaf only.
/// </summary>
internal sealed class BackgroundTree : IDisposable
{
    private const int BlockLeaves = 4096;
    private const int BlocksWaitingMax = 8;

    private readonly MerkleTree _tree;
    private readonly BlockingCollection<(byte[] Leaves, int Count)> _blocks = new(BlocksWaitingMax);
    private readonly object _gate = new();
    private readonly Thread _thread;
    private byte[] _block = ArrayPool<byte>.Shared.Rent(BlockLeaves * MerkleTree.HashBytes);
    private int _count;
    private long _handedOver;
    private long _appended;

    public BackgroundTree(MerkleTree tree)
    {
        _tree = tree;
        _handedOver = _appended = tree.Size;
        _thread = new Thread(Run) { IsBackground = true, Name = "journal tree" };
        _thread.Start();
    }

    /// <summary>Leaves so far, those included that are on their way.</summary>
    public long Size => _handedOver + _count;

    public void Append(ReadOnlySpan<byte> leaf)
    {
        leaf.CopyTo(_block.AsSpan(_count * MerkleTree.HashBytes));
        if (++_count == BlockLeaves)
            HandOver();
    }

    /// <summary>Waits until every leaf is in the tree.</summary>
    public void Settle()
    {
        HandOver();
        lock (_gate)
        {
            while (_appended < _handedOver)
                Monitor.Wait(_gate);
        }
    }

    public void Dispose()
    {
        _blocks.CompleteAdding();
        _thread.Join();
        _blocks.Dispose();
        ArrayPool<byte>.Shared.Return(_block);
    }

    private void HandOver()
    {
        if (_count == 0)
            return;
        _handedOver += _count;
        _blocks.Add((_block, _count));
        (_block, _count) = (ArrayPool<byte>.Shared.Rent(BlockLeaves * MerkleTree.HashBytes), 0);
    }

    private void Run()
    {
        foreach ((byte[] leaves, int count) in _blocks.GetConsumingEnumerable())
        {
            for (int i = 0; i < count; i++)
                _tree.Append(leaves.AsSpan(i * MerkleTree.HashBytes, MerkleTree.HashBytes));
            ArrayPool<byte>.Shared.Return(leaves);
            lock (_gate)
            {
                _appended += count;
                Monitor.PulseAll(_gate);
            }
        }
    }
}
