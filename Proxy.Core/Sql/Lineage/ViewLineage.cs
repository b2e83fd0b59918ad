using Proxy.Core.Catalogue;
using Proxy.Core.Policy;

namespace Proxy.Core.Sql.Lineage;

/// <summary>
/// Lets classes follow the data through views, column by column. A view that cannot be followed stays as it was: PHI in every column when anything
/// behind it has any.
/// </summary>
internal sealed class ViewLineage(CatalogueSnapshot snapshot, CatalogueDefinitions definitions)
{
    private readonly HashSet<uint> _done = [];

    public void FollowAll()
    {
        foreach (var relation in snapshot.Relations)
            Follow(relation, depth: 0);
    }

    /// <summary>Those that it reads first. A view that reads itself, by way of a rule, or is deeper than anybody builds them, is not followed.</summary>
    private void Follow(CatalogueRelation view, int depth)
    {
        const int DepthMax = 64;
        if (!SnapshotBuilder.IsDerived(view.Kind) || depth > DepthMax || !_done.Add(view.Oid) || definitions.QueryOf(view) is not { } query)
            return;
        if (query is not { Kind: StatementKind.Select, Syntax: { } syntax, OpaqueBecause: null, NestedKinds.IsEmpty: true } || view.RunsUnreviewedCode || view.RunsUnreviewedCodeWhenRead)
            return;
        foreach (var mention in query.Relations)
            foreach (var read in snapshot.Candidates(mention.Name))
                Follow(read, depth + 1);
        var code = new MentionedCode(query, snapshot);
        if (code.RunsUnreviewed || code.RunsServerInternals)
            return;
        var lineage = LineageAnalyser.OfView(syntax, new LineageCatalogue(snapshot));
        if (lineage is not { IsOpaque: false, Outputs: { IsOpen: false } outputs } || outputs.Columns.Length != view.Columns.Length)
            return;
        view.ShowsThrough([.. outputs.Columns.Select(static column => column.Flow)], view.Kind is RelationKind.View ? lineage.Scans : null);
    }
}
