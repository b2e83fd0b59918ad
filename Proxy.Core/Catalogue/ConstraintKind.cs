namespace Proxy.Core.Catalogue;

/// <summary>What the server demands of rows. Zero is what nobody knows.</summary>
public enum ConstraintKind : byte
{
    Unknown = 0,

    /// <summary>No two rows are equal: a primary key, a unique constraint, a unique index.</summary>
    Unique,

    /// <summary>No two rows stand in a relation that is not only equality.</summary>
    Exclusion,

    /// <summary>The row fulfils an expression.</summary>
    Check,

    /// <summary>A row with these values is in another table.</summary>
    References,

    /// <summary>Rows of another table may reference the row by these values.</summary>
    Referenced,

    /// <summary>As a fact: the key by which a table is partitioned. Of a partition or child: by what a row is in it, and not in another.</summary>
    Bound,

    /// <summary>Of a table with a default partition: none of its rows would belong to a partition that is made.</summary>
    Remainder,

    /// <summary>
    /// An index has the column. Nothing is demanded, but a change that leaves it as it was needs no new entry in any index of the table, which counters, plans
    /// that ran and sizes of indexes tell (PostgreSQL's heap-only tuples).
    /// </summary>
    Indexed,
}
