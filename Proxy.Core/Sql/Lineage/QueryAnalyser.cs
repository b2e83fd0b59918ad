using System.Collections.Immutable;
using Proxy.Core.Sql.Lineage.Binding;
using Proxy.Core.Sql.Lineage.RowOrder;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.Lineage;

/// <summary>The columns of a query and what flows into them; on the way, what decides about its rows.</summary>
internal sealed class QueryAnalyser(LineageRun run)
{
    /// <summary>A recursion's flows only grow, and there are few kinds: it ends soon, or is not followed.</summary>
    private const int RoundsMax = 24;

    /// <param name="query">The query.</param>
    /// <param name="outer">What the query can refer to outside of itself; null when nothing.</param>
    /// <param name="tables">Common tables in scope.</param>
    /// <param name="isAnswer">Whether its rows are the statement's answer: then their order shows as it is.</param>
    public RowShape Analyse(Query query, Scope? outer, CommonTables? tables, bool isAnswer = false)
    {
        run.Step();
        var inner = query.With is { } with ? Common(with, outer, tables) : tables;
        return query switch
        {
            SelectQuery select => Select(select, outer, inner, isAnswer),
            SetOperationQuery operation => SetOperation(operation, outer, inner, isAnswer),
            ValuesQuery values => Values(values, outer, inner, isAnswer),
            OpaqueQuery opaque => Unknown(opaque.Because),
            _ => Unknown(query.GetType().Name),
        };
    }

    /// <summary>The common tables of a WITH clause, in the scope that its statement has.</summary>
    public CommonTables Common(WithClause with, Scope? outer, CommonTables? tables)
    {
        var common = new CommonTables(tables, run.IsMySql);
        // WITH RECURSIVE lets a table refer to those behind it, too; the server then refuses or sorts them. What is not yet known is opaque.
        if (with.IsRecursive)
            foreach (var table in with.Tables)
                common.Set(table.Name, RowShape.Unknown);
        foreach (var table in with.Tables)
        {
            var shape = with.IsRecursive && table.Body is QueryStatement { Query: SetOperationQuery { Operator: SetOperator.Union } union }
                ? Recursion(table, union, outer, common)
                : Named(table, run.Statements.Rows(table.Body, outer, common) ?? RowShape.Empty);
            common.Set(table.Name, shape);
        }
        return common;
    }

    /// <summary>A select list or RETURNING.</summary>
    public RowShape Targets(ImmutableArray<Target> targets, Place place)
    {
        var columns = ImmutableArray.CreateBuilder<NamedFlow>(targets.Length);
        Flow? rest = null;
        var isUncertain = false;
        foreach (var target in targets)
        {
            if (Star(target.Value, place) is { } star)
            {
                columns.AddRange(star.Columns);
                isUncertain |= star.HasUncertainPlaces;
                if (star.Rest is { } more)
                    rest = rest is null ? more : rest.Or(more);
                continue;
            }
            var column = new NamedFlow(TargetNames.Of(target), run.Expressions.Value(target.Value, place));
            columns.Add(column);
            place.Scope?.Earlier?.Add(column);
        }
        return new RowShape(columns.DrainToImmutable(), rest, isUncertain);
    }

    private RowShape? Star(Expression value, Place place)
    {
        switch (value)
        {
            case ColumnReference { IsStar: true } star:
                return run.Names.Expand(star, place);
            case FieldSelection { Field: null } row:
                var flow = run.Expressions.Value(row.Argument, place);
                return flow.Row ?? new RowShape([], flow.Computed() with { TellsByNull = true });
            default:
                return null;
        }
    }

    private RowShape Select(SelectQuery select, Scope? outer, CommonTables? tables, bool isAnswer)
    {
        var scans = run.Collector.Scans;
        var before = scans.Mark;
        var range = new RangeTable();
        foreach (var source in select.From)
            range.Append(run.Sources.Range(source, outer, tables, range));
        // MySQL forgets the order of a derived table.
        var inherited = select.From is [TableSource] || (select.From is [SubquerySource] && !run.IsMySql) ? scans.LastOrder : [];
        var place = new Place(new Scope(outer, range) { Earlier = run.IsMySql ? [] : null }, tables, select.Windows);
        var level = scans.Level;
        scans.Level = before.Reads;
        run.Conditions.Decide(select.Where, place, isCertain: true);
        scans.Level = level;
        var shape = Targets(select.Targets, place);
        // What an aggregate is made of is computed for whole groups.
        scans.MayFail |= !select.IsGrouped && (shape.Rest is not null || shape.Columns.Any(static column => column.Flow.MayFail));
        // In MySQL GROUP BY, HAVING and ORDER BY can name the answer's columns within expressions.
        var behind = run.IsMySql ? place with { Scope = new Scope(outer, range, shape) } : place;
        foreach (var expression in select.GroupBy)
            run.Conditions.Group(Grouped(expression, select, shape, behind), expression.Position);
        run.Conditions.Decide(select.Having, behind);
        foreach (var window in select.Windows)
            run.Conditions.Windowed(window, place);
        if (select.IsDistinct && select.DistinctOn.IsEmpty)
            Distinct(shape, select.Position);
        foreach (var expression in select.DistinctOn)
            run.Conditions.Group(Ordered(expression, shape, place), expression.Position);
        var folds = RowOrderAnalyser.Folds(select, outer is null ? null : range, run.IsMySql) && (!scans.IsConcerned || run.Groups.AreOrdered(select, shape, behind));
        Order(select, shape, behind, isAnswer, inherited, folds);
        if (folds)
            scans.Fold(before);
        return shape;
    }

    private RowShape SetOperation(SetOperationQuery operation, Scope? outer, CommonTables? tables, bool isAnswer)
    {
        var before = run.Collector.Scans.Mark;
        var left = Analyse(operation.Left, outer, tables);
        var right = Analyse(operation.Right, outer, tables);
        Combine(operation, left, right);
        var shape = left.Or(right);
        var folds = RowOrderAnalyser.Folds(operation, null, run.IsMySql) && (!run.Collector.Scans.IsConcerned || run.Groups.AreOrdered(operation, shape));
        Order(operation, shape, new Place(outer, tables), isAnswer, [], folds);
        if (folds)
            run.Collector.Scans.Fold(before);
        return shape;
    }

    private void Combine(SetOperationQuery operation, RowShape left, RowShape right)
    {
        if (operation is { Operator: SetOperator.Union, IsAll: true })
            return;
        if (left.IsOpen || right.IsOpen || left.Columns.Length != right.Columns.Length)
        {
            run.Conditions.Other(left.Whole().Or(right.Whole()), operation.Position);
            return;
        }
        for (var i = 0; i < left.Columns.Length; i++)
        {
            var (a, b) = (left.Columns[i].Flow, right.Columns[i].Flow);
            if (operation.Operator is not SetOperator.Union)
            {
                run.Conditions.Equal(a, b, operation.Position);
                continue;
            }
            if (!a.IsPhi && !b.IsPhi)
                continue;
            // Whether a literal vanishes among the values tells whether it is one of them.
            if (!a.IsWholePhi || !b.IsWholePhi)
                run.Conditions.Equal(a, b, operation.Position);
            else
                run.Conditions.Group(a.Or(b), operation.Position);
        }
    }

    private RowShape Values(ValuesQuery values, Scope? outer, CommonTables? tables, bool isAnswer)
    {
        var place = new Place(outer, tables);
        RowShape? shape = null;
        foreach (var row in values.Rows)
        {
            var columns = ImmutableArray.CreateBuilder<NamedFlow>(row.Length);
            for (var i = 0; i < row.Length; i++)
                columns.Add(new NamedFlow(i < values.ColumnNames.Length ? values.ColumnNames[i] : $"column{i + 1}", run.Expressions.Value(row[i], place)));
            var rowShape = new RowShape(columns.MoveToImmutable());
            shape = shape is null ? rowShape : shape.Or(rowShape);
        }
        shape ??= RowShape.Empty;
        Order(values, shape, place, isAnswer, [], folds: true);
        return shape;
    }

    private void Distinct(RowShape shape, int position)
    {
        foreach (var (_, flow) in shape.Columns)
            run.Conditions.Group(flow, position);
        if (shape.Rest is { } rest)
            run.Conditions.Other(rest, position);
    }

    /// <param name="query">Whose ORDER BY and LIMIT.</param>
    /// <param name="shape">Its columns.</param>
    /// <param name="place">What its expressions can see.</param>
    /// <param name="isAnswer">Whether its rows are the statement's answer.</param>
    /// <param name="inherited">By what its rows come ordered where it says nothing.</param>
    /// <param name="folds">Whether the order of what it reads is gone.</param>
    private void Order(Query query, RowShape shape, Place place, bool isAnswer, ImmutableArray<ColumnSource> inherited, bool folds)
    {
        var order = new List<Flow>(query.OrderBy.Length);
        foreach (var expression in query.OrderBy)
        {
            var flow = Ordered(expression, shape, place);
            order.Add(flow);
            run.Collector.Condition(isAnswer && flow.IsIdentifier ? ConditionForm.Ordering : ConditionForm.Other, flow, expression.Position);
        }
        run.Conditions.Other(run.Expressions.Value(query.Limit, place), query.Position);
        run.Conditions.Other(run.Expressions.Value(query.Offset, place), query.Position);
        var chooses = (query.Limit is not null || query.Offset is not null) && (!folds || (run.Collector.Scans.MayFail && RowOrderAnalyser.IsStreamed(query)));
        chooses |= !folds && query is SelectQuery { DistinctOn.IsEmpty: false };
        run.Collector.Scans.Ends(order, inherited, chooses);
    }

    /// <summary>ORDER BY and DISTINCT ON: a number or a name is one of the answer's columns first.</summary>
    private Flow Ordered(Expression expression, RowShape shape, Place place) => OutputAt(expression, shape) ?? OutputNamed(expression, shape) ?? run.Expressions.Value(expression, place);

    /// <summary>GROUP BY: a name is a column of FROM first, and one of the answer's otherwise.</summary>
    private Flow Grouped(Expression expression, SelectQuery select, RowShape shape, Place place)
    {
        if (OutputAt(expression, shape) is { } numbered)
            return numbered;
        if (expression is ColumnReference { IsStar: false, Parts: [var name] } && !IsColumnHere(name, place)
            && select.Targets.Any(target => string.Equals(TargetNames.Of(target), name, StringComparison.Ordinal))
            && OutputNamed(expression, shape) is { } named)
            return named;
        return run.Expressions.Value(expression, place);
    }

    internal static bool IsColumnHere(string name, Place place) => place.Scope!.Range.Find(name, collector: null) is not null || place.Scope.Range.Rest is not null;

    private static Flow? OutputAt(Expression expression, RowShape shape)
    {
        if (expression is not Literal { Kind: LiteralKind.Number, Value: { } digits } || !int.TryParse(digits, out var number))
            return null;
        return !shape.IsOpen && number >= 1 && number <= shape.Columns.Length ? shape.Columns[number - 1].Flow : shape.Whole();
    }

    private static Flow? OutputNamed(Expression expression, RowShape shape)
    {
        if (expression is not ColumnReference { IsStar: false, Parts: [var name] })
            return null;
        Flow? flow = null;
        foreach (var (output, value) in shape.Columns)
            if (string.Equals(output, name, StringComparison.Ordinal))
                flow = flow is null ? value : flow.Or(value);
        return flow is null ? null : shape.Rest is { } rest ? flow.Or(rest) : flow;
    }

    private RowShape Recursion(CommonTable table, SetOperationQuery union, Scope? outer, CommonTables common)
    {
        // The recursive part may stand on its own WITH; the grammar puts it on the operation.
        var inner = union.With is { } with ? Common(with, outer, common) : common;
        // Unlike the part that recurs, the first one cannot see the table, and knows nothing of its own rows.
        var shape = Analyse(union.Left, outer, inner);
        for (var round = 0; round < RoundsMax; round++)
        {
            common.Set(table.Name, Named(table, shape));
            var next = shape.Or(Analyse(union.Right, outer, inner));
            if (shape.Contains(next))
            {
                Combine(union, shape, next);
                Order(union, shape, new Place(outer, inner), isAnswer: false, [], folds: false);
                return Named(table, shape);
            }
            shape = next;
        }
        return Unknown("a recursion that is not followed to its end");
    }

    private RowShape Named(CommonTable table, RowShape shape)
    {
        var named = shape.Renamed(table.ColumnNames);
        if (table.Appended.IsEmpty)
            return named;
        var columns = named.Columns.ToBuilder();
        foreach (var appended in table.Appended)
        {
            // Where CYCLE sees values again, the recursion goes no further.
            if (appended.Decides)
                run.Conditions.Other(Columns(named, appended.From), table.Position);
            var marks = ExpressionAnalyser.All(run.Expressions.ValuesOf(appended.Values, Place.Nowhere));
            columns.Add(new NamedFlow(appended.Name, named.Whole().With(marks) with { TellsByNull = true, Row = null }));
        }
        return named with { Columns = columns.ToImmutable() };
    }

    private static Flow Columns(RowShape shape, ImmutableArray<string> names)
    {
        if (shape.IsOpen)
            return shape.Whole();
        var flow = Flow.Constant;
        foreach (var (name, column) in shape.Columns)
            if (names.Contains(name, StringComparer.Ordinal))
                flow = flow.With(column);
        return flow;
    }

    private RowShape Unknown(string because)
    {
        run.Collector.Opaque($"a query that is not understood ({because})");
        return RowShape.Unknown;
    }
}
