namespace Proxy.Protocols;

/// <summary>
/// The ordered queue of expected replies: who answers next, the server or we. A ring of re-used slots, guarded by the ledger's lock;
/// the head slot itself belongs to the reply relay.
/// </summary>
internal sealed class PendingReplies<TReply>(int capacityMax)
    where TReply : class, IPendingReply, new()
{
    /// <summary>What a driver that waits for its answers needs; most sessions are idle most of the time.</summary>
    private const int SlotsMin = 4;

    private TReply[] _slots = CreateSlots(SlotsMin);
    private int _head;

    public int Count { get; private set; }

    /// <summary>Whether another request may be expected; a client that pipelines more is made to wait.</summary>
    public bool IsFull => Count >= capacityMax;

    public TReply? Head => Count == 0 ? null : _slots[_head];

    public TReply this[int index] => _slots[(_head + index) & (_slots.Length - 1)];

    /// <summary>Adds an entry, which is as it was after <see cref="IPendingReply.Clear"/>.</summary>
    public TReply Enqueue()
    {
        if (Count == _slots.Length) Grow();
        return this[Count++];
    }

    /// <summary>Removes the head. The caller has released what it referred to.</summary>
    public void Dequeue()
    {
        _slots[_head].Clear();
        _head = (_head + 1) & (_slots.Length - 1);
        Count--;
    }

    /// <summary>Removes the entry behind the head, keeping the head and the order of the others.</summary>
    public void RemoveSecond()
    {
        var first = _slots[_head];
        var secondIndex = (_head + 1) & (_slots.Length - 1);
        var second = _slots[secondIndex];
        second.Clear();
        _slots[_head] = second;
        _slots[secondIndex] = first;
        _head = secondIndex;
        Count--;
    }

    private void Grow()
    {
        var larger = CreateSlots(_slots.Length * 2);
        for (var i = 0; i < Count; i++)
            larger[i] = this[i];
        _slots = larger;
        _head = 0;
    }

    private static TReply[] CreateSlots(int count)
    {
        var created = new TReply[count];
        for (var i = 0; i < count; i++)
            created[i] = new TReply();
        return created;
    }
}
