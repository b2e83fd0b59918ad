using System.Collections.Immutable;

namespace Proxy.Core.Sql.MySql.Parsing;

/// <summary>
/// Lists while they grow, each on top of the one that it stands in: one array for all, kept from text to text. What is taken from it is as long as it
/// has to be, so that growing allocates nothing.
/// </summary>
internal sealed class ListStack<T>
{
    private const int First = 64;

    /// <summary>More than this is given back after the text.</summary>
    private const int KeptMax = 4 * 1024;

    private T[] _items = new T[First];

    /// <summary>Where the next list begins, for <see cref="Take"/>.</summary>
    public int Count { get; private set; }

    public void Add(T item)
    {
        if (Count == _items.Length) Array.Resize(ref _items, 2 * _items.Length);
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
        if (_items.Length > KeptMax) _items = new T[First];
        else Array.Clear(_items, 0, Count);
        Count = 0;
    }
}
