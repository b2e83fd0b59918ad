using Proxy.Core.Catalogue.Facts;
using Proxy.Core.Sql;

namespace Proxy.Core.Catalogue;

/// <summary>Which relations can hold PHI in a row: classification follows the data through views and materialised views.</summary>
internal sealed class PhiCarriers
{
    private readonly HashSet<uint> _carriers = [];

    public PhiCarriers(CatalogueFacts facts, ColumnClasses classes)
    {
        foreach (var relation in facts.Relations)
            if (CarriesByItself(relation, classes, facts.Dialect))
                _carriers.Add(relation.Oid);
        foreach (var call in facts.ViewCalls)
            if (!IsReviewed(call, facts.Dialect))
                _carriers.Add(call.RelationOid);
        SpreadThroughViews(facts);
    }

    public bool Contains(uint relation) => _carriers.Contains(relation);

    private static bool CarriesByItself(in RelationFact relation, ColumnClasses classes, SqlDialect dialect)
    {
        var kind = SnapshotBuilder.KindOf(relation, dialect);
        if (kind == RelationKind.Unknown)
            return true;
        // A rule or trigger of a view can return rows that are not the view's.
        if (SnapshotBuilder.IsDerived(kind))
            return relation.RunsUnreviewedCode;
        foreach (var column in classes.ColumnsOf(relation.Oid))
            if (classes[column] != IdentifierClass.NotPhi)
                return true;
        return false;
    }

    private static bool IsReviewed(in ViewCallFact call, SqlDialect dialect) => call.Schema switch
    {
        // A call of a function of the server names no schema in MySQL.
        _ when dialect is SqlDialect.MySql => call.Schema.Length == 0 && ReviewedFunctions.MySql[call.Name] is FunctionReview.Clean,
        // Resolved when the view was made: overloads of users do not matter here.
        "pg_catalog" => ReviewedFunctions.Shipped[call.Name] == FunctionReview.Clean,
        "information_schema" => ReviewedFunctions.Shipped.IsCleanInInformationSchema(call.Name),
        _ => ReviewedExtensions.Contains(call.Extension),
    };

    private void SpreadThroughViews(CatalogueFacts facts)
    {
        var known = facts.Relations.Select(relation => relation.Oid).ToHashSet();
        // What a policy reads decides which rows are there, and an error of the policy can print it.
        var readers = facts.ViewSources.Concat(facts.PolicySources).ToLookup(link => link.To, link => link.From);
        var pending = new Queue<uint>(_carriers);
        foreach (var link in facts.ViewSources)
            if (!known.Contains(link.To) && _carriers.Add(link.From))
                pending.Enqueue(link.From);
        while (pending.TryDequeue(out var carrier))
            foreach (var view in readers[carrier])
                if (_carriers.Add(view))
                    pending.Enqueue(view);
    }
}
