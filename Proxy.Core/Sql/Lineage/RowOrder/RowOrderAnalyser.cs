using System.Collections.Frozen;
using Proxy.Core.Catalogue;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.Lineage.RowOrder;

/// <summary>
/// Whether rows can come in the order of an index on PHI, and the statement shows it. Which plan a server takes is not known, and whoever sets
/// enable_seqscan or writes a hint takes part in choosing it. So every index counts that a plan could use: one with a column that a condition, a join
/// or an order looks at, a partial one, and one that holds every column that is needed.
/// </summary>
internal static class RowOrderAnalyser
{
    /// <summary>Aggregates that put values together in the order in which they come. Those of users are functions that nobody reviewed.</summary>
    private static readonly FrozenSet<string> InOrder = new[]
    {
        "any_value", "array_agg", "group_concat", "json_agg", "json_agg_strict", "json_arrayagg", "json_object_agg", "json_object_agg_strict",
        "json_object_agg_unique", "json_object_agg_unique_strict", "json_objectagg", "jsonb_agg", "jsonb_agg_strict", "jsonb_object_agg",
        "jsonb_object_agg_strict", "jsonb_object_agg_unique", "jsonb_object_agg_unique_strict", "string_agg", "xmlagg",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Functions of windows that say the same of rows that the window does not tell apart.</summary>
    private static readonly FrozenSet<string> OfPeers =
        new[] { "cume_dist", "dense_rank", "percent_rank", "rank" }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether what the aggregate makes of many rows depends on their order.</summary>
    public static bool IsInOrder(Call call) => call.Over is null && !call.IsDistinct && InOrder.Contains(call.Function.Name);

    /// <summary>Whether what the function of a window says of a row depends on the order of rows that the window does not tell apart.</summary>
    public static bool IsInOrder(Call call, bool hasFrame) =>
        !OfPeers.Contains(call.Function.Name) && (hasFrame || InOrder.Contains(call.Function.Name) || !AggregateCalls.Is(call));

    /// <summary>Whether a query makes so few rows of those it reads that their order is gone. MySQL groups in the order in which rows come.</summary>
    public static bool Folds(Query query, bool isMySql) => query switch
    {
        SelectQuery { IsGrouped: true } or SelectQuery { IsDistinct: true, DistinctOn.IsEmpty: true } => !isMySql,
        SelectQuery select => select.Having is not null || select.Targets.Any(static target => AggregateCalls.IsWithin(target.Value)),
        SetOperationQuery operation => !isMySql && operation is not { Operator: SetOperator.Union, IsAll: true },
        _ => false,
    };

    /// <summary>Notes the PHI in whose order rows may be shown.</summary>
    public static void Conclude(Statement statement, LineageRun run)
    {
        // A plan shows no rows.
        if (statement is ExplainStatement || !run.Collector.Scans.IsConcerned || run.Collector.Scans.Facts() is not { } facts)
            return;
        var order = Shows(statement);
        foreach (var table in order is null ? [] : facts.Shown)
            if (facts.IsRepeated || !RowKeys.TellApart(table, order is true ? facts.Order : [], facts))
                Note(table, facts, run.Collector);
        foreach (var choice in facts.Choices)
        {
            var then = facts with
            {
                Nulls = choice.Nulls,
                Pinned = choice.Pinned,
                Known = choice.Known,
                Equal = choice.Equal,
                Decisive = [.. facts.Decisive, .. facts.Nulls.Except(choice.Nulls), .. facts.Known.Except(choice.Known)],
            };
            foreach (var table in choice.Among)
                if (facts.IsRepeated || !RowKeys.TellApart(table, choice.Order, then))
                    Note(table, then, run.Collector);
        }
    }

    /// <summary>Whether the rows that are read show in the answer, or are stored: with the order of the query if so; null if not.</summary>
    private static bool? Shows(Statement statement) => statement switch
    {
        QueryStatement or DeclareCursorStatement => true,
        CopyStatement { Inner: { } inner } => Shows(inner),
        PrepareStatement { Inner: { } inner } => Shows(inner),
        CreateTableAsStatement { Inner: { } inner } => Shows(inner),
        // Numbers and places of new rows follow the order in which they are stored.
        InsertStatement => false,
        UpdateStatement { Returning.IsEmpty: false } or DeleteStatement { Returning.IsEmpty: false } or MergeStatement { Returning.IsEmpty: false } => false,
        _ => null,
    };

    private static void Note(CatalogueRelation table, ScanFacts facts, LineageCollector collector)
    {
        var used = Used(table, facts, collector);
        if (!used.Exists(Tells))
            return;
        foreach (var index in table.Indexes)
            if (SortedBy(table, index, used, facts) is { } phi)
            {
                var source = new ColumnSource(table, phi);
                if (collector.IsDecidedBy(source))
                    continue;
                var flow = Flow.Of(source);
                collector.Condition(flow.IsIdentifier ? ConditionForm.Ordering : ConditionForm.Other, flow, position: -1);
                collector.Suggest($"rows of {table} may come in the order of {phi.Name}, by an index: ORDER BY a unique key that is no PHI");
            }
    }

    /// <summary>What the statement needs of the table.</summary>
    private static List<CatalogueColumn> Used(CatalogueRelation table, ScanFacts facts, LineageCollector collector)
    {
        var read = new HashSet<ColumnSource>();
        foreach (var source in collector.Reads)
        {
            read.Add(source);
            // A column of a view is read from where it comes.
            if (source.Relation.Kind is RelationKind.View && source.Relation.Columns.IndexOf(source.Column) is >= 0 and var place)
                read.UnionWith(source.Relation.Shape.Columns[place].Flow.Sources.Columns);
        }
        read.UnionWith(facts.Decisive);
        read.UnionWith(facts.Nulls);
        read.UnionWith(facts.Known);
        return [.. table.Columns.Where(column => read.Contains(new ColumnSource(table, column)) || RowKeys.Comes(table, column, read))];
    }

    /// <summary>Whether an order tells something of this column: of what every profile hides whole, in rows that show nothing else, it does not.</summary>
    private static bool Tells(CatalogueColumn column) =>
        !column.IsPhi || column.Class is IdentifierClass.Date or IdentifierClass.Age or IdentifierClass.ZipCode or IdentifierClass.City or IdentifierClass.Geographic;

    /// <summary>The PHI in whose order a plan may read by the index, or null when none can.</summary>
    private static CatalogueColumn? SortedBy(CatalogueRelation table, CatalogueIndex index, List<CatalogueColumn> used, ScanFacts facts)
    {
        var phi = index.Phi.Select(table.Column).FirstOrDefault(column => column is { IsPhi: true } && !IsKnown(table, column, facts));
        if (phi is null)
            return null;
        foreach (var column in used)
            if (index.IsChosenBy(column.Number)
                && (RowKeys.Comes(table, column, facts.Decisive) || RowKeys.Comes(table, column, facts.Nulls) || RowKeys.Comes(table, column, facts.Known)))
                return phi;
        // In rows that show nothing but itself its own order says nothing.
        return used.TrueForAll(column => index.Holds(column.Number)) && !(used is [var only] && only.Number == phi.Number) ? phi : null;
    }

    /// <summary>Whether the client says itself which values there are; all NULLs are alike. Among those no order tells more than each of them does.</summary>
    private static bool IsKnown(CatalogueRelation table, CatalogueColumn column, ScanFacts facts) =>
        (RowKeys.Comes(table, column, facts.Nulls) || RowKeys.Comes(table, column, facts.Known)) && !RowKeys.Comes(table, column, facts.Decisive);
}
