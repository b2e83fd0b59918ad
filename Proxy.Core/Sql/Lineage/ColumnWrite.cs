using Proxy.Core.Catalogue;

namespace Proxy.Core.Sql.Lineage;

/// <summary>A value that a statement stores. <paramref name="Column"/> is null where the column is not known.</summary>
/// <param name="Relation">Where to.</param>
/// <param name="Column">Which column.</param>
/// <param name="Value">What flows in.</param>
/// <param name="ReplacesValue">Whether a value that is there may be replaced (UPDATE, ON CONFLICT, MERGE), rather than a row added.</param>
public readonly record struct ColumnWrite(CatalogueRelation Relation, CatalogueColumn? Column, Flow Value, bool ReplacesValue);
