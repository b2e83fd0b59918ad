using System.Collections.Immutable;
using Proxy.Core.Catalogue;
using Proxy.Core.Catalogue.Overlay;
using Proxy.Core.Masking.Copy;
using Proxy.Core.Sql;

namespace Proxy.Core.Policy;

/// <summary>
/// The columns of a COPY of a table, found in the catalogue: the server's answer does not name them. Only where no other relation can be meant, and
/// where the options are such that masked rows can be written.
/// </summary>
internal static class CopiedTable
{
    /// <summary>False when the statement is no such COPY, or it is not certain what it copies.</summary>
    public static bool TryFind(StatementReading reading, CatalogueSnapshot catalogue, SessionOverlay overlay, out ImmutableArray<CatalogueColumn> columns)
    {
        columns = [];
        if (reading is not { Kind: StatementKind.CopyOut, OpaqueBecause: null, Copy: { Relation: { } name, Options: { } options } copy } || !CopyPlan.CanMask(options)
            || overlay.Candidates(name, catalogue) is not [{ Kind: RelationKind.BaseTable } table])
            return false;
        if (copy.Columns.IsEmpty)
        {
            columns = table.Columns.RemoveAll(static column => column.IsGenerated);
            return true;
        }
        var named = ImmutableArray.CreateBuilder<CatalogueColumn>(copy.Columns.Length);
        foreach (var column in copy.Columns)
        {
            if (table.Column(column) is not { } found)
                return false;
            named.Add(found);
        }
        columns = named.MoveToImmutable();
        return true;
    }
}
