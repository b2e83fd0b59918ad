using Proxy.Core.Sql;

namespace Proxy.Core.Policy;

/// <summary>Whether what a statement stores can be PHI. Until lineage exists there is no telling into which column, so any PHI stored is export.</summary>
internal static class StoredValues
{
    public static bool MayCarryPhi(StatementReading reading, MentionedRelations relations)
    {
        if (reading.StoredColumns.IsDefaultOrEmpty || !relations.MentionsPhi)
            return false;
        foreach (var name in reading.StoredColumns)
            if (!IsKnownNotToBePhi(name, relations))
                return true;
        // A name may be an alias that a subquery gave to something else. With one relation and nothing to select from there is no subquery.
        if (relations.Read.Count == 0 || reading.Kind is StatementKind.CopyIn)
            return false;
        if (reading.Columns.IsDefault)
            return true;
        foreach (var name in reading.Columns)
            if (!IsKnownNotToBePhi(name, relations))
                return true;
        return false;
    }

    /// <summary>A column of at least one relation that is mentioned, and reviewed as not PHI in all that have it.</summary>
    private static bool IsKnownNotToBePhi(string name, MentionedRelations relations)
    {
        var isKnown = false;
        foreach (var relation in relations.All)
        {
            if (relation.Column(name) is not { } column)
                continue;
            if (column.IsPhi)
                return false;
            isKnown = true;
        }
        return isKnown && !relations.HasUnknown;
    }
}
