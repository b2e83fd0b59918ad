using System.Collections.Immutable;

namespace Proxy.Core.Catalogue.Facts;

/// <summary>An index. Numbers of columns are attnum; 0 is the whole row.</summary>
/// <param name="RelationOid">Of what.</param>
/// <param name="Keys">What it is sorted by, and what its expressions are computed from.</param>
/// <param name="Included">What it holds besides.</param>
/// <param name="Predicate">What its WHERE looks at.</param>
public readonly record struct IndexFact(uint RelationOid, ImmutableArray<short> Keys, ImmutableArray<short> Included, ImmutableArray<short> Predicate)
{
    /// <summary>Whether rows can be read in its order: not where it only ever finds pages, or sorts by a hash.</summary>
    public bool IsSorted { get; init; } = true;
}
