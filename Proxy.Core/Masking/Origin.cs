using Proxy.Core.Catalogue;

namespace Proxy.Core.Masking;

/// <summary>What the catalogue says of the column that the server names as a result column's origin. The default is unknown.</summary>
internal readonly record struct Origin(bool IsKnown, bool IsShown, IdentifierClass Class)
{
    public static Origin None => default;

    /// <summary>Of a relation that the session made: lineage alone knows what is in it.</summary>
    public static Origin OfSession => new(true, true, IdentifierClass.NotPhi);

    public static Origin Of(in ResultColumn column, CatalogueSnapshot catalogue)
    {
        if (catalogue.Find(column.RelationOid) is not { } relation)
            return None;
        if (column.AttributeNumber < 0)
            // Where a row is and who wrote it: ctid, xmin, tableoid and their like. Views have none.
            return new Origin(
                true, relation.Kind is RelationKind.BaseTable or RelationKind.SystemTable && IsSystemColumn(column), IdentifierClass.Unreviewed);
        if (relation.Column(column.AttributeNumber) is not { } attribute)
            return None;
        return new Origin(true, !attribute.IsPhi && HasValues(relation), attribute.Class);
    }

    /// <summary>The system columns of PostgreSQL's heap.c (SysAtt): ctid, xmin, cmin, xmax, cmax, tableoid. What has another type is none of them.</summary>
    private static bool IsSystemColumn(in ResultColumn column) => (column.AttributeNumber, column.TypeOid) is
        (-1, 27) or (-2, 28) or (-3, 29) or (-4, 28) or (-5, 29) or (-6, 26);

    /// <summary>
    /// PostgreSQL names a view itself as the origin of a view's column; its class is that of what flows into it. Foreign tables and sequences show
    /// what a person has reviewed, like tables.
    /// </summary>
    private static bool HasValues(CatalogueRelation relation) => relation.Kind
        is RelationKind.BaseTable or RelationKind.SystemTable or RelationKind.ForeignTable or RelationKind.Sequence or RelationKind.View or RelationKind.MaterializedView;
}
