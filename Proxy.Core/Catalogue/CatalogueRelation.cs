using System.Collections.Immutable;

namespace Proxy.Core.Catalogue;

/// <summary>A relation of the target and what is known about its columns.</summary>
public sealed class CatalogueRelation
{
    public required uint Oid { get; init; }
    public required string Schema { get; init; }
    public required string Name { get; init; }
    public required RelationKind Kind { get; init; }

    /// <summary>In order of attnum.</summary>
    public required ImmutableArray<CatalogueColumn> Columns { get; init; }

    /// <summary>
    /// Whether any row of it can hold PHI: a column of its own that is not reviewed as not-PHI, or, for views and materialised views, any
    /// relation that it depends on, or a dependency that cannot be followed.
    /// </summary>
    public required bool CarriesPhi { get; init; }

    /// <summary>Whether touching it can run code or checks that involve PHI elsewhere: foreign keys, triggers, rules. Closed transitively.</summary>
    public required bool ReachesPhi { get; init; }

    /// <summary>
    /// Whether writing it runs code that nobody reviewed: a user's trigger, a rule, or a default, check or index expression that calls a
    /// user's function. What such a write returns may not be what its origin says.
    /// </summary>
    public bool RunsUnreviewedCode { get; init; }

    /// <summary>The column with this attnum, or null.</summary>
    public CatalogueColumn? Column(short number)
    {
        // Without dropped columns the attnum is the position.
        if (number >= 1 && number <= Columns.Length && Columns[number - 1].Number == number)
            return Columns[number - 1];
        foreach (var column in Columns)
            if (column.Number == number)
                return column;
        return null;
    }

    /// <summary>The column with this name, or null.</summary>
    public CatalogueColumn? Column(string name)
    {
        foreach (var column in Columns)
            if (string.Equals(column.Name, name, StringComparison.Ordinal))
                return column;
        return null;
    }

    public override string ToString() => $"{Schema}.{Name}";
}
