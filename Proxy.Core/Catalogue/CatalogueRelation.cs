using System.Collections.Immutable;

namespace Proxy.Core.Catalogue;

/// <summary>A relation of the target and what is known about its columns.</summary>
public sealed class CatalogueRelation
{
    public required uint Oid { get; init; }
    public required string Schema { get; init; }
    public required string Name { get; init; }
    public required RelationKind Kind { get; init; }
    public required ImmutableArray<CatalogueColumn> Columns { get; init; }

    /// <summary>
    /// Whether any row of it can hold PHI: a column of its own that is not reviewed as not-PHI, or, for views, partitions, children and
    /// materialised views, of any relation it depends on, or a dependency that cannot be followed.
    /// </summary>
    public required bool CarriesPhi { get; init; }

    /// <summary>Whether touching it can run code or checks that involve PHI elsewhere: foreign keys, triggers, rules. Closed transitively.</summary>
    public required bool ReachesPhi { get; init; }

    /// <summary>The column with this attnum, or null.</summary>
    public CatalogueColumn? Column(short number)
    {
        foreach (var column in Columns)
            if (column.Number == number)
                return column;
        return null;
    }

    public override string ToString() => $"{Schema}.{Name}";
}
