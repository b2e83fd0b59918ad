namespace Proxy.Core.Catalogue;

/// <summary>What a relation is. Only <see cref="BaseTable"/> and <see cref="SystemTable"/> may ever show a column as it is by its own origin.</summary>
public enum RelationKind : byte
{
    Unknown = 0,

    /// <summary>An ordinary or partitioned table, a partition or an inheritance child.</summary>
    BaseTable,
    View,
    MaterializedView,
    ForeignTable,
    Sequence,

    /// <summary>A relation of pg_catalog or information_schema, classified by the list that ships with PhiGate.</summary>
    SystemTable,

    /// <summary>Not a relation but a type with fields; nothing can be read from it by name.</summary>
    CompositeType,
}
