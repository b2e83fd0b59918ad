using System.Collections.Immutable;

namespace Proxy.Core.Catalogue;

/// <summary>
/// What the server demands of the rows of a relation: whether a write fails then tells of the rows that are there. Columns by number, 0 for the whole row.
/// </summary>
public sealed class CatalogueConstraint
{
    public required ConstraintKind Kind { get; init; }

    /// <summary>Those whose whole values are compared.</summary>
    public ImmutableArray<short> Columns { get; init; } = [];

    /// <summary>Those of which something is computed, or that are compared in another way than by equality.</summary>
    public ImmutableArray<short> Computed { get; init; } = [];

    /// <summary>Those of which only IS NULL matters.</summary>
    public ImmutableArray<short> Tested { get; init; } = [];

    /// <summary>Whether NULL is equal to NULL.</summary>
    public bool IsNullUnique { get; init; }

    /// <summary>Whether rows can break it for a while: a key that is asked at the end of a transaction, or was never asked of all rows.</summary>
    public bool MayBeBroken { get; init; }

    /// <summary>Whether it is the key that a foreign key references that names no columns.</summary>
    public bool IsPrimary { get; init; }

    /// <summary>For foreign keys, from either side: the other table.</summary>
    public uint OtherOid { get; init; }

    /// <summary>Its columns, in the order of <see cref="Columns"/>.</summary>
    public ImmutableArray<short> OtherColumns { get; init; } = [];

    /// <summary>Whether any of the other table's columns is PHI: it belongs to what is said of this relation.</summary>
    public bool OtherIsPhi { get; init; }

    public bool Concerns(short column) => IsIn(column, Columns) || IsIn(column, Computed) || IsIn(column, Tested);

    internal bool IsSameAs(CatalogueConstraint other) =>
        Kind == other.Kind && IsPrimary == other.IsPrimary && IsNullUnique == other.IsNullUnique && MayBeBroken == other.MayBeBroken && OtherOid == other.OtherOid && OtherIsPhi == other.OtherIsPhi
        && Columns.SequenceEqual(other.Columns) && Computed.SequenceEqual(other.Computed) && Tested.SequenceEqual(other.Tested)
        && OtherColumns.SequenceEqual(other.OtherColumns);

    public override string ToString() => $"{Kind} on {string.Join(", ", Columns.Concat(Computed))}";

    private static bool IsIn(short column, ImmutableArray<short> columns) => columns.Contains(column) || columns.Contains((short)0);
}
