using System.Collections.Immutable;

namespace Proxy.Core.Catalogue.Facts;

/// <summary>Something that rows of a relation have to fulfil. Numbers of columns are attnum; 0 is the whole row.</summary>
/// <param name="RelationOid">Whose rows.</param>
/// <param name="Kind">What is demanded.</param>
/// <param name="Columns">Those whose whole values are compared, in order.</param>
/// <param name="Computed">Those of which something is computed, or that are compared in another way than by equality.</param>
/// <param name="Tested">Those of which only IS NULL matters.</param>
public readonly record struct ConstraintFact(
    uint RelationOid, ConstraintKind Kind, ImmutableArray<short> Columns, ImmutableArray<short> Computed, ImmutableArray<short> Tested)
{
    /// <summary>For keys: NULLS NOT DISTINCT.</summary>
    public bool IsNullUnique { get; init; }

    /// <summary>For keys: the one that a foreign key references that names no columns.</summary>
    public bool IsPrimary { get; init; }

    /// <summary>For keys: rows can be equal for a while, since it is asked at the end of a transaction, or was never asked of all rows.</summary>
    public bool MayBeBroken { get; init; }

    /// <summary>For checks: it was made for this relation, and for no other that this one inherits from.</summary>
    public bool IsOwn { get; init; }

    /// <summary>For the key of a partitioned table: whether it has a default partition.</summary>
    public bool HasDefault { get; init; }

    /// <summary>For foreign keys: the table that is referenced, and its columns, as many as <see cref="Columns"/> and in their order.</summary>
    public uint ReferencedOid { get; init; }
    public ImmutableArray<short> Referenced { get; init; } = [];
}
