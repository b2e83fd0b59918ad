using Proxy.Core.Catalogue;

namespace Proxy.Core.Sql.Lineage;

/// <summary>A column of a base relation that flows into something.</summary>
public readonly record struct ColumnSource(CatalogueRelation Relation, CatalogueColumn Column)
{
    public bool IsPhi => Column.IsPhi;

    // A relation is one object within one catalogue: identity is cheaper than comparing what it holds.
    public bool Equals(ColumnSource other) => ReferenceEquals(Relation, other.Relation) && Column.Number == other.Column.Number;

    public override int GetHashCode() => HashCode.Combine(Relation.Oid, Column.Number);

    public override string ToString() => $"{Relation}.{Column.Name}";
}
