using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Proxy.Core.Sql;

/// <summary>The distinct things of one kind that a statement mentions, in the order of their first mention. Used again for each statement.</summary>
internal sealed class MentionSet<T>
    where T : IEquatable<T>
{
    /// <summary>A statement that names more than this is not worth accounting for: it is opaque.</summary>
    public const int Max = 4096;

    private const int SearchedByLoop = 12;

    /// <summary>An index over more than this is given back after the statement.</summary>
    private const int IndexKeptMax = 256;

    private readonly List<T> _list = [];
    private HashSet<T>? _set;
    private bool _isIndexed;

    public int Count => _list.Count;

    /// <summary>True when something was left out because the set was full.</summary>
    public bool IsOverfull { get; private set; }

    public void Add(T item)
    {
        if (_list.Count >= Max)
        {
            IsOverfull |= !Indexed().Contains(item);
            return;
        }

        if (_list.Count < SearchedByLoop ? Contains(item) : !Indexed().Add(item)) return;
        _list.Add(item);
    }

    public bool Contains(T item)
    {
        if (_isIndexed) return _set!.Contains(item);
        foreach (T known in CollectionsMarshal.AsSpan(_list))
        {
            if (known.Equals(item)) return true;
        }

        return false;
    }

    public bool Overlaps(MentionSet<T> other)
    {
        foreach (T item in CollectionsMarshal.AsSpan(_list))
        {
            if (other.Contains(item)) return true;
        }

        return false;
    }

    public ImmutableArray<T> ToImmutable() =>
        _list.Count == 0 ? [] : ImmutableCollectionsMarshal.AsImmutableArray(_list.ToArray());

    public void Clear()
    {
        if (_list.Count > IndexKeptMax) _set = null;
        else if (_isIndexed) _set!.Clear();
        _list.Clear();
        _isIndexed = false;
        IsOverfull = false;
    }

    private HashSet<T> Indexed()
    {
        _set ??= [];
        if (_isIndexed) return _set;
        _isIndexed = true;
        _set.UnionWith(_list);
        return _set;
    }
}
