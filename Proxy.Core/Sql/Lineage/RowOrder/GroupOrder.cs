using System.Collections.Immutable;
using System.Globalization;
using Proxy.Core.Sql.Lineage.Binding;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.Lineage.RowOrder;

/// <summary>
/// Whether of the order in which rows come nothing is left when they are made into groups. A hash table gives groups that fall into the same place in the order in which
/// they were first met [ran on PostgreSQL 15], and keeps the first of values that are equal.
/// </summary>
internal sealed class GroupOrder(LineageRun run)
{
    /// <summary>Comparing more expressions than this with each other costs more than it is worth.</summary>
    private const long PairsMax = 20_000;

    /// <summary>Whether the query orders its groups by all that tells them apart, and no two of a group look different there.</summary>
    public bool AreOrdered(SelectQuery select, RowShape shape, Place place)
    {
        // Without GROUP BY there is one row.
        var isDistinct = select is { IsDistinct: true, DistinctOn.IsEmpty: true };
        if (!select.IsGrouped && !isDistinct)
            return true;
        if (((long)select.GroupBy.Length + select.OrderBy.Length) * (select.Targets.Length + select.OrderBy.Length) > PairsMax)
            return false;
        var order = select.OrderBy.Select(expression => Meant(expression, select)).ToList();
        if (select.IsGrouped && !AreOrdered([.. select.GroupBy.Select(key => KeyOf(key, select, place))], order, place, areLast: !isDistinct))
            return false;
        return !isDistinct || (!select.Targets.Any(static target => IsStar(target.Value)) && !shape.IsOpen
            && AreOrdered([.. select.Targets.Select(static target => target.Value)], order, place, areLast: true));
    }

    public bool AreOrdered(SetOperationQuery operation, RowShape shape)
    {
        if (shape.IsOpen || (long)shape.Columns.Length * operation.OrderBy.Length > PairsMax / 4)
            return false;
        for (var i = 0; i < shape.Columns.Length; i++)
            if (!run.EqualValues.AreSame(shape.Columns[i].Flow) || !operation.OrderBy.Any(order => NumberOf(order) == i + 1 || IsNamed(order, shape, i)))
                return false;
        return true;
    }

    private bool AreOrdered(ImmutableArray<Expression> keys, List<Expression> order, Place place, bool areLast)
    {
        ImmutableArray<ColumnSource>? columns = null;
        foreach (var key in keys)
        {
            run.Step();
            // What is computed is followed by its form alone.
            var flow = key is ColumnReference { IsStar: false } reference ? run.Names.Value(reference, place) : Flow.Constant;
            if (!run.EqualValues.AreSame(key, flow, place))
                return false;
            if (!areLast || key is Literal or Parameter || order.Exists(ordered => SameExpression.Are(ordered, key)))
                continue;
            // What follows from what it is ordered by needs no place there: the name of a patient from the number.
            columns ??= ScanNotes.ColumnsOf(order.OfType<ColumnReference>().Where(ordered => keys.Any(other => SameExpression.Are(ordered, other))).Select(ordered => run.Names.Value(ordered, place)));
            if (ScanNotes.ColumnOf(flow) is not { } column || !run.Collector.Scans.TellsApart(columns.Value, column.Relation, run))
                return false;
        }
        return true;
    }

    /// <summary>In GROUP BY a name is a column of FROM first, and a number one of the answer's.</summary>
    private static Expression KeyOf(Expression key, SelectQuery select, Place place) =>
        key is ColumnReference { IsStar: false, Parts: [var name] } && QueryAnalyser.IsColumnHere(name, place) ? key : Meant(key, select);

    /// <summary>In ORDER BY a name or a number is one of the answer's columns first.</summary>
    private static Expression Meant(Expression expression, SelectQuery select)
    {
        if (NumberOf(expression) is { } number)
            return number >= 1 && number <= select.Targets.Length && !select.Targets.Take(number).Any(static target => IsStar(target.Value)) ? select.Targets[number - 1].Value : expression;
        if (expression is not ColumnReference { IsStar: false, Parts: [var name] })
            return expression;
        var named = select.Targets.Where(target => string.Equals(TargetNames.Of(target), name, StringComparison.Ordinal)).Select(static target => target.Value).Take(2).ToList();
        return named is [var only] ? only : expression;
    }

    private static int? NumberOf(Expression expression) =>
        expression is Literal { Kind: LiteralKind.Number, Value: { } digits } && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static bool IsNamed(Expression order, RowShape shape, int place) =>
        order is ColumnReference { IsStar: false, Parts: [var name] } && string.Equals(shape.Columns[place].Name, name, StringComparison.Ordinal)
        && shape.Columns.Count(column => string.Equals(column.Name, name, StringComparison.Ordinal)) == 1;

    private static bool IsStar(Expression value) => value is ColumnReference { IsStar: true } or FieldSelection { Field: null };
}
