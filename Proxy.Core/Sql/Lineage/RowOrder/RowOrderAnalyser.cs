using System.Collections.Frozen;
using System.Globalization;
using Proxy.Core.Sql.Lineage.Binding;
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

    /// <summary>Functions that say another thing each time they are called, and in which order: clocks, sequences, random numbers after a seed.</summary>
    private static readonly FrozenSet<string> Counting = new[]
    {
        ":=", "clock_timestamp", "last_insert_id", "nextval", "rand", "random", "random_normal", "setval", "sys_guid", "sysdate", "timeofday", "uuid",
        "uuid_short", "uuid_v7", "uuidv7",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether what the function says of a row tells which number the row was.</summary>
    public static bool Numbers(Call call) => Counting.Contains(call.Function.Name);

    /// <summary>Whether what the aggregate makes of many rows depends on their order.</summary>
    public static bool IsInOrder(Call call) => call.Over is null && !call.IsDistinct && InOrder.Contains(call.Function.Name);

    /// <summary>Whether what the function of a window says of a row depends on the order of rows that the window does not tell apart.</summary>
    public static bool IsInOrder(Call call, bool hasFrame) =>
        !OfPeers.Contains(call.Function.Name) && (hasFrame || InOrder.Contains(call.Function.Name) || !AggregateCalls.Is(call));

    /// <summary>Whether a query makes so few rows of those it reads that their order is gone. MySQL groups in the order in which rows come.</summary>
    /// <param name="query">The query.</param>
    /// <param name="range">What it reads, if there is another query around it.</param>
    /// <param name="isMySql">Whether the server is one.</param>
    public static bool Folds(Query query, RangeTable? range, bool isMySql) => query switch
    {
        SelectQuery { IsGrouped: true } or SelectQuery { IsDistinct: true, DistinctOn.IsEmpty: true } => !isMySql,
        SelectQuery select => select.Having is not null || select.Targets.Any(target => AggregateCalls.IsWithin(target.Value, range)),
        SetOperationQuery operation => !isMySql && operation is not { Operator: SetOperator.Union, IsAll: true },
        _ => false,
    };

    /// <summary>
    /// Whether a server can make one of the query's rows before it has read what the next is made of, so that LIMIT ends the reading, which
    /// shows where reading can fail. Whoever orders by what an aggregate says has to have them all.
    /// </summary>
    public static bool IsStreamed(Query query) => query switch
    {
        SelectQuery { IsGrouped: true } or SelectQuery { IsDistinct: true } => !query.OrderBy.Any(order => IsOfGroup(order, (SelectQuery)query)),
        SetOperationQuery => true,
        _ => false,
    };

    private static bool IsOfGroup(Expression order, SelectQuery select) => order switch
    {
        Literal { Kind: LiteralKind.Number, Value: { } digits } =>
            int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= select.Targets.Length
            && !select.Targets.Take(number).Any(static target => target.Value is ColumnReference { IsStar: true }) && AggregateCalls.IsWithin(select.Targets[number - 1].Value),
        ColumnReference { IsStar: false, Parts: [var name] } =>
            select.Targets.Any(target => string.Equals(TargetNames.Of(target), name, StringComparison.Ordinal) && AggregateCalls.IsWithin(target.Value)),
        _ => AggregateCalls.IsWithin(order),
    };

    /// <summary>Notes the PHI in whose order rows may be shown.</summary>
    public static void Conclude(Statement statement, LineageRun run)
    {
        // A plan shows no rows. One that ran shows how many were looked at, whichever of them the statement asked for.
        var plan = statement as ExplainStatement;
        if (plan is { Runs: false } || !run.Collector.Scans.IsConcerned || run.Collector.Scans.Facts() is not { } facts)
            return;
        if (facts.IsBeyond)
        {
            RowOrderConclusion.NoteAll(facts, run);
            return;
        }
        var conclusion = new RowOrderConclusion(facts, run);
        if ((run.Collector.Scans.IsStored ? false : Shows(plan?.Inner ?? statement)) is { } isOrdered)
            conclusion.Note(new OrderedChoice(isOrdered ? facts.Order : [], facts.Last), isTrusted: plan is null);
        foreach (var choice in facts.Choices)
            conclusion.Note(choice, isTrusted: plan is null);
    }

    /// <summary>Whether the rows that are read show in the answer, or are stored: with the order of the query if so; null if not.</summary>
    private static bool? Shows(Statement statement) => statement switch
    {
        QueryStatement or DeclareCursorStatement => true,
        CopyStatement { Inner: { } inner } => Shows(inner),
        PrepareStatement { Inner: { } inner } => Shows(inner),
        CreateTableAsStatement { Inner: { } inner } => Shows(inner),
        InsertStatement => false,
        UpdateStatement { Returning.IsEmpty: false } or DeleteStatement { Returning.IsEmpty: false } or MergeStatement { Returning.IsEmpty: false } => false,
        _ => null,
    };
}
