using Proxy.Core.Catalogue;
using Proxy.Core.Catalogue.Overlay;
using Proxy.Core.Journal.Subjects;
using Proxy.Core.Masking;
using Proxy.Core.Masking.Postgres;
using Proxy.Core.Sql;

namespace Proxy.Core.Policy;

/// <summary>Which columns of a COPY … TO STDOUT say whose rows they are: the server's answer names no columns, so the statement has to.</summary>
internal static class CopiedSubjects
{
    /// <summary>Null where no column is a key, or where it is not certain which columns are copied.</summary>
    public static SubjectPlan? Of(StatementReading reading, RiskAssessment assessment, CatalogueSnapshot catalogue, SessionOverlay overlay)
    {
        if (CopiedTable.TryFind(reading, catalogue, overlay, out var table))
            return Of([.. table], reading.Copy!.Options!, catalogue);
        if (assessment.Lineage?.Outputs is not { IsOpen: false } outputs)
            return null;
        var columns = new CatalogueColumn?[outputs.Columns.Length];
        for (var i = 0; i < columns.Length; i++)
            if (MaskPlanner.SubjectOf(outputs.Columns[i].Flow) is not null)
                columns[i] = outputs.Columns[i].Flow.Sources.Columns[0].Column;
        return Of(columns, reading.Copy!.Options!, catalogue);
    }

    private static SubjectPlan? Of(ReadOnlySpan<CatalogueColumn?> columns, CopyOptions options, CatalogueSnapshot catalogue)
    {
        var kinds = new string?[columns.Length];
        var masks = new ColumnMask[columns.Length];
        for (var i = 0; i < columns.Length; i++)
        {
            if (columns[i] is not { Subject: { } subject } column)
                continue;
            kinds[i] = subject;
            masks[i] = PostgresType.Mask(MaskKind.Show, column.TypeOid, column.TypeModifier, options.Format is CopyFormat.Binary, types: catalogue.Types);
        }
        return SubjectPlan.TryCreate(kinds, masks);
    }
}
