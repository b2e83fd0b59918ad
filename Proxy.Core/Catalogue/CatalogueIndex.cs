using System.Collections.Immutable;

namespace Proxy.Core.Catalogue;

/// <summary>
/// An index that is sorted by PHI: rows that are read by it come in that order, within equal values of what stands before. Columns by number.
/// </summary>
/// <param name="Phi">Those of its keys that are PHI, in order; of a materialised view those that may be, before its query was followed.</param>
/// <param name="Keys">All that it is sorted by, and what its expressions are computed from.</param>
/// <param name="Included">What it holds besides: a query of these and the keys alone may never look at the table.</param>
/// <param name="Predicate">What its WHERE looks at.</param>
public sealed record CatalogueIndex(ImmutableArray<short> Phi, ImmutableArray<short> Keys, ImmutableArray<short> Included, ImmutableArray<short> Predicate)
{
    /// <summary>PHI among its keys that only a child or partition has which it belongs to, and not the relation: it sorts the relation's rows all the same.</summary>
    public ImmutableArray<(uint Relation, short Column)> Elsewhere { get; init; } = [];

    /// <summary>Whether a condition on this column can make a server read rows by it.</summary>
    public bool IsChosenBy(short column) => Keys.Contains(column) || Predicate.Contains(column);

    public bool Holds(short column) => Keys.Contains(column) || Included.Contains(column);

    public bool Equals(CatalogueIndex? other) =>
        other is not null && Keys.SequenceEqual(other.Keys) && Phi.SequenceEqual(other.Phi) && Included.SequenceEqual(other.Included)
        && Predicate.SequenceEqual(other.Predicate) && Elsewhere.SequenceEqual(other.Elsewhere);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var key in Keys)
            hash.Add(key);
        hash.Add(Included.Length);
        hash.Add(Predicate.Length);
        hash.Add(Elsewhere.Length);
        return hash.ToHashCode();
    }

    public override string ToString() => $"({string.Join(", ", Keys)}) include ({string.Join(", ", Included)}) where ({string.Join(", ", Predicate)}){string.Concat(Elsewhere)}";
}
