namespace Proxy.Protocols.MySql;

/// <summary>
/// The ordered queue of expected replies: who answers next, the server or we. A ring of re-used slots, guarded by the ledger's lock;
/// the head slot itself belongs to the reply relay.
/// </summary>
internal sealed class PendingReplies(int capacityMax)
{
    /// <summary>What a driver that waits for its answers needs; few pipeline.</summary>
    private const int SlotsMin = 4;

    private PendingReply[] _slots = CreateSlots(SlotsMin);
    private int _head;

    public int Count { get; private set; }

    /// <summary>Whether another request may be expected; a client that pipelines more is made to wait.</summary>
    public bool IsFull => Count >= capacityMax;

    public PendingReply? Head => Count == 0 ? null : _slots[_head];

    public PendingReply this[int index] => _slots[(_head + index) & (_slots.Length - 1)];

    public PendingReply Enqueue(PendingKind kind)
    {
        if (Count == _slots.Length) Grow();
        var slot = this[Count++];
        slot.Kind = kind;
        return slot;
    }

    public void Dequeue()
    {
        _slots[_head].Clear();
        _head = (_head + 1) & (_slots.Length - 1);
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

    private static PendingReply[] CreateSlots(int count)
    {
        var created = new PendingReply[count];
        for (var i = 0; i < count; i++)
            created[i] = new PendingReply();
        return created;
    }
}
