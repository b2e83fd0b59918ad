using System.Buffers;
using System.Collections.Immutable;

namespace Proxy.Core.Sql.MySql.Parsing;

/// <summary>
/// Lists while they grow, each on top of the one that it stands in: one array for all, kept from text to text, or from a pool for a long one. What is
/// taken from it is as long as it has to be, so that growing allocates nothing.
/// </summary>
internal sealed class ListStack<T>
{
    private const int Kept = 64;

    private readonly T[] _kept = new T[Kept];
    private T[] _items;

    public ListStack() => _items = _kept;

    /// <summary>Where the next list begins, for <see cref="Take"/>.</summary>
    public int Count { get; private set; }

    public void Add(T item)
    {
        if (Count == _items.Length) Grow();
        _items[Count++] = item;
    }

    public T this[int index]
    {
        get => _items[index];
        set => _items[index] = value;
    }

    /// <summary>The items from there on; they are no longer here.</summary>
    public ImmutableArray<T> Take(int from)
    {
        ImmutableArray<T> taken = ImmutableArray.Create(_items, from, Count - from);
        Discard(from);
        return taken;
    }

    /// <summary>Forgets the items from there on.</summary>
    public void Discard(int from)
    {
        Array.Clear(_items, from, Count - from);
        Count = from;
    }

    public void Clear()
    {
        Discard(0);
        if (_items != _kept) ArrayPool<T>.Shared.Return(_items);
        _items = _kept;
    }

    private void Grow()
    {
        T[] grown = ArrayPool<T>.Shared.Rent(2 * _items.Length);
        _items.CopyTo(grown, 0);
        Array.Clear(_items);
        if (_items != _kept) ArrayPool<T>.Shared.Return(_items);
        _items = grown;
    }
}
