using Proxy.Core.Masking;
using Proxy.Core.Masking.Copy;
using Proxy.Core.Sql;
using Proxy.Core.Sql.Lineage;

namespace Proxy.Core.Policy;

/// <summary>
/// The columns of a COPY of a query, found by lineage: the server's answer names neither types nor origins. A copy of one column has that column's type and
/// mask. Of what is computed from PHI not even the type is known: it is NULL.
/// </summary>
internal static class CopiedQuery
{
    public static bool CanBeMasked(StatementReading reading, StatementLineage? lineage) =>
        reading is { Kind: StatementKind.CopyOut, OpaqueBecause: null, Copy: { Relation: null, Options: { } options } } && CopyPlan.CanMask(options)
        && lineage is { IsOpaque: false, Outputs.IsOpen: false };

    public static CopyColumn[] Columns(StatementLineage lineage, MaskPlanner planner, MaskProfile profile)
    {
        var columns = new CopyColumn[lineage.Outputs!.Columns.Length];
        for (var i = 0; i < columns.Length; i++)
            columns[i] = Column(lineage.Outputs.Columns[i].Flow, planner, profile);
        return columns;
    }

    private static CopyColumn Column(Flow flow, MaskPlanner planner, MaskProfile profile)
    {
        if (!flow.IsPhi)
            return new CopyColumn(TypeOid: 0, TypeModifier: -1, MaskKind.Show);
        if (flow is not { Derivation: Derivation.Copy, TellsByNull: false, Sources.Columns: [var (_, column)] })
            return new CopyColumn(TypeOid: 0, TypeModifier: -1, MaskKind.Redact);
        var (kind, domain) = planner.MaskOf(profile, column.Class);
        return new CopyColumn(column.TypeOid, column.TypeModifier, kind, domain);
    }
}
