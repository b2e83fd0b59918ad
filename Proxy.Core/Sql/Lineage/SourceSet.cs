using System.Collections.Immutable;
using Proxy.Core.Catalogue;

namespace Proxy.Core.Sql.Lineage;

/// <summary>The columns that flow into one value. Immutable; most are small, so a list that is searched does.</summary>
public sealed class SourceSet
{
    private SourceSet(ImmutableArray<ColumnSource> columns)
    {
        Columns = columns;
        foreach (var column in columns)
            CarriesPhi |= column.IsPhi;
    }

    public static SourceSet Empty { get; } = new([]);

    public ImmutableArray<ColumnSource> Columns { get; }

    /// <summary>Whether any of them is PHI or not reviewed.</summary>
    public bool CarriesPhi { get; }

    public bool IsEmpty => Columns.IsEmpty;

    public static SourceSet Of(ColumnSource column) => new([column]);

    public static SourceSet Of(IEnumerable<ColumnSource> columns)
    {
        var all = columns.Distinct().ToImmutableArray();
        return all.IsEmpty ? Empty : new(all);
    }

    public SourceSet Union(SourceSet other)
    {
        if (other.IsEmpty || ReferenceEquals(this, other))
            return this;
        if (IsEmpty)
            return other;
        if (Columns.Length + other.Columns.Length > ScanMax)
            return UnionOfMany(other);
        ImmutableArray<ColumnSource>.Builder? union = null;
        foreach (var column in other.Columns)
        {
            if (Columns.Contains(column))
                continue;
            if (union is null)
            {
                union = ImmutableArray.CreateBuilder<ColumnSource>(Columns.Length + other.Columns.Length);
                union.AddRange(Columns);
            }
            union.Add(column);
        }
        return union is null ? this : new SourceSet(union.DrainToImmutable());
    }

    /// <summary>Whether every member is a member of <paramref name="other"/> too.</summary>
    public bool IsWithin(SourceSet other)
    {
        if (ReferenceEquals(this, other))
            return true;
        foreach (var column in Columns)
            if (!other.Columns.Contains(column))
                return false;
        return true;
    }

    /// <summary>The one identifier class that all PHI among them has; null when there is none, or several.</summary>
    public IdentifierClass? PhiClass()
    {
        IdentifierClass? only = null;
        foreach (var (_, column) in Columns)
        {
            if (!column.IsPhi)
                continue;
            if (only is { } known && known != column.Class)
                return null;
            only = column.Class;
        }
        return only;
    }

    public override string ToString() => string.Join(", ", Columns);

    /// <summary>Up to here searching the list costs less than hashing.</summary>
    private const int ScanMax = 48;

    private SourceSet UnionOfMany(SourceSet other)
    {
        var seen = new HashSet<ColumnSource>(Columns);
        var union = Columns.ToBuilder();
        foreach (var column in other.Columns)
            if (seen.Add(column))
                union.Add(column);
        return union.Count == Columns.Length ? this : new SourceSet(union.ToImmutable());
    }
}
