using System.Collections.Immutable;
using Proxy.Core.Sql.Postgres.Tree;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.Postgres.Building;

/// <summary>SELECT, VALUES, TABLE, and set operations: one node of the grammar.</summary>
internal static class QueryBuilder
{
    private static readonly FieldSet OfQuery = new(
        TreeField.DistinctClause, TreeField.TargetList, TreeField.FromClause, TreeField.WhereClause, TreeField.GroupClause,
        TreeField.HavingClause, TreeField.WindowClause, TreeField.ValuesLists, TreeField.SortClause, TreeField.LimitOffset,
        TreeField.LimitCount, TreeField.LockingClause, TreeField.WithClause, TreeField.Larg, TreeField.Rarg);

    private static readonly FieldSet OfRow = new(TreeField.Items);

    public static Query Build(ref BuildContext context, int index) => Build(ref context, index, into: -1);

    /// <param name="context">Where we are.</param>
    /// <param name="index">The query's node.</param>
    /// <param name="into">The INTO clause that the statement around has dealt with; any other makes the query opaque.</param>
    public static Query Build(ref BuildContext context, int index, int into)
    {
        if (context.TypeOf(index) != TreeNodeType.SelectStmt || !context.TryEnter()) return Opaque(context, index);
        Query query = BuildInner(ref context, index, into);
        context.Leave();
        return query;
    }

    public static OpaqueQuery Opaque(in BuildContext context, int index) => new() { Because = context.NameOfType(index) };

    private static Query BuildInner(ref BuildContext context, int index, int into)
    {
        int foundInto = context.Child(index, TreeField.IntoClause);
        if ((foundInto >= 0 && foundInto != into) || HoldsUnknown(context, index)) return Opaque(context, index);
        ReadOnlySpan<byte> operation = context.Text.RawOf(index, TreeField.Op);
        if (!operation.SequenceEqual("SETOP_NONE"u8)) return BuildSetOperation(ref context, index, into, operation);
        QueryClauses clauses = BuildClauses(ref context, index);
        return context.Has(index, TreeField.ValuesLists)
            ? BuildValues(ref context, index, clauses)
            : BuildSelect(ref context, index, clauses);
    }

    private static bool HoldsUnknown(in BuildContext context, int index)
    {
        ParseTree tree = context.Tree;
        int end = tree[index].End;
        for (int child = index + 1; child < end; child = tree[child].End)
        {
            ref readonly TreeEntry entry = ref tree[child];
            if (BuildContext.IsNode(entry.Type) && entry.Field != TreeField.IntoClause && !OfQuery.Contains(entry.Field)) return true;
        }

        return false;
    }

    private static QueryClauses BuildClauses(ref BuildContext context, int index) => new(
        WithBuilder.Optional(ref context, index),
        SortBuilder.List(ref context, index, TreeField.SortClause),
        ExpressionBuilder.Optional(ref context, index, TreeField.LimitCount),
        ExpressionBuilder.Optional(ref context, index, TreeField.LimitOffset),
        context.Is(index, TreeField.LimitOption, "LIMIT_OPTION_WITH_TIES"u8),
        context.Has(index, TreeField.LockingClause));

    private static Query BuildSetOperation(ref BuildContext context, int index, int into, ReadOnlySpan<byte> operation)
    {
        SetOperator @operator;
        if (operation.SequenceEqual("SETOP_UNION"u8)) @operator = SetOperator.Union;
        else if (operation.SequenceEqual("SETOP_INTERSECT"u8)) @operator = SetOperator.Intersect;
        else if (operation.SequenceEqual("SETOP_EXCEPT"u8)) @operator = SetOperator.Except;
        else return Opaque(context, index);
        int left = context.Child(index, TreeField.Larg);
        int right = context.Child(index, TreeField.Rarg);
        if (left < 0 || right < 0) return Opaque(context, index);
        QueryClauses clauses = BuildClauses(ref context, index);
        return new SetOperationQuery
        {
            Operator = @operator,
            IsAll = context.Has(index, TreeField.All),
            Left = Build(ref context, left, into),
            Right = Build(ref context, right),
            With = clauses.With,
            OrderBy = clauses.OrderBy,
            Limit = clauses.Limit,
            Offset = clauses.Offset,
            HasTies = clauses.HasTies,
            Locks = clauses.Locks,
        };
    }

    private static ValuesQuery BuildValues(ref BuildContext context, int index, in QueryClauses clauses) => new()
    {
        Rows = NodeList.Build(ref context, index, TreeField.ValuesLists, BuildRow),
        With = clauses.With,
        OrderBy = clauses.OrderBy,
        Limit = clauses.Limit,
        Offset = clauses.Offset,
        HasTies = clauses.HasTies,
        Locks = clauses.Locks,
    };

    private static ImmutableArray<Expression> BuildRow(ref BuildContext context, int index) =>
        context.TypeOf(index) == TreeNodeType.List && !context.HoldsOther(index, OfRow)
            ? ExpressionBuilder.List(ref context, index, TreeField.Items)
            : [ExpressionBuilder.Opaque(context, index)];

    private static SelectQuery BuildSelect(ref BuildContext context, int index, in QueryClauses clauses)
    {
        int distinct = context.Child(index, TreeField.DistinctClause);
        bool isPlainDistinct = distinct >= 0 && context.TypeOf(distinct) == TreeNodeType.List;
        return new SelectQuery
        {
            IsDistinct = isPlainDistinct,
            DistinctOn = isPlainDistinct ? [] : ExpressionBuilder.List(ref context, index, TreeField.DistinctClause),
            Targets = TargetBuilder.List(ref context, index, TreeField.TargetList),
            From = SourceBuilder.List(ref context, index, TreeField.FromClause),
            Where = ExpressionBuilder.Optional(ref context, index, TreeField.WhereClause),
            GroupBy = GroupingBuilder.Build(ref context, index),
            IsGrouped = context.Has(index, TreeField.GroupClause),
            Having = ExpressionBuilder.Optional(ref context, index, TreeField.HavingClause),
            Windows = NodeList.Build(ref context, index, TreeField.WindowClause, WindowBuilder.BuildNamed),
            With = clauses.With,
            OrderBy = clauses.OrderBy,
            Limit = clauses.Limit,
            Offset = clauses.Offset,
            HasTies = clauses.HasTies,
            Locks = clauses.Locks,
        };
    }
}
