using System.Collections.Frozen;
using System.Collections.Immutable;
using Proxy.Core.Sql.Lineage.Binding;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.Lineage;

/// <summary>
/// Finds calls that make one value of many rows. The server's own are known by name; those of users are found by the forms that only aggregates have,
/// and are otherwise taken for functions of one row.
/// </summary>
internal static class AggregateCalls
{
    private static readonly FrozenSet<string> Names = new[]
    {
        "any_value", "array_agg", "avg", "bit_and", "bit_or", "bit_xor", "bool_and", "bool_or", "corr", "count", "covar_pop", "covar_samp", "every",
        "json_agg", "json_agg_strict", "json_arrayagg", "json_object_agg", "json_object_agg_strict", "json_object_agg_unique",
        "json_object_agg_unique_strict", "json_objectagg", "jsonb_agg", "jsonb_agg_strict", "jsonb_object_agg", "jsonb_object_agg_strict",
        "jsonb_object_agg_unique", "jsonb_object_agg_unique_strict", "max", "min", "mode", "percentile_cont", "percentile_disc", "range_agg",
        "range_intersect_agg", "regr_avgx", "regr_avgy", "regr_count", "regr_intercept", "regr_r2", "regr_slope", "regr_sxx", "regr_sxy", "regr_syy",
        "std", "stddev", "stddev_pop", "stddev_samp", "string_agg", "group_concat", "sum", "var_pop", "var_samp", "variance", "xmlagg",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static bool Is(QualifiedName function) => Names.Contains(function.Name);

    public static bool Is(Call call) =>
        Is(call.Function) || call.IsStar || call.IsDistinct || call.IsWithinGroup || call.Filter is not null || (!call.OrderBy.IsEmpty && call.Over is null);

    /// <summary>Whether an expression has an aggregate of the query that it stands in.</summary>
    /// <param name="expression">The expression.</param>
    /// <param name="range">What the query reads, if there is another one around it: an aggregate of that one's columns is that one's. Else null.</param>
    public static bool IsWithin(Expression? expression, RangeTable? range = null)
    {
        if (expression is Conditional conditional)
            return IsWithin(conditional.Operand, range) || IsWithin(conditional.Else, range)
                || conditional.Arms.Any(arm => IsWithin(arm.When, range) || IsWithin(arm.Then, range));
        var found = new HashSet<Call>();
        Collect(expression, found);
        return found.Any(call => call.Over is null && (range is null || call.IsStar || call.Arguments.Any(argument => IsOf(argument, range))));
    }

    /// <summary>Whether a column of the range is in it for certain.</summary>
    private static bool IsOf(Expression? expression, RangeTable range) => expression switch
    {
        ColumnReference { IsStar: false, Parts: [var name] } => range.Find(name, collector: null) is not null,
        ColumnReference { IsStar: false, Parts: [.., var entry, _] } => range.Entries.Exists(known => string.Equals(known.Name, entry, StringComparison.Ordinal)),
        Cast cast => IsOf(cast.Argument, range),
        OperatorCall operation => IsOf(operation.Left, range) || operation.Right.Any(operand => IsOf(operand, range)),
        Call call => call.Arguments.Any(argument => IsOf(argument, range)),
        Construction construction => construction.Arguments.Any(argument => IsOf(argument, range)),
        BooleanCombination combination => combination.Operands.Any(operand => IsOf(operand, range)),
        NullTest test => IsOf(test.Argument, range),
        Conditional conditional => conditional.Arms.Any(arm => IsOf(arm.When, range) || IsOf(arm.Then, range)),
        _ => false,
    };

    /// <summary>What the answer of the statement says of its groups; null where it makes none.</summary>
    /// <param name="statement">As written.</param>
    /// <param name="calls">Every aggregate that was met while it was analysed, bodies of functions included.</param>
    public static GroupShape? Shape(Statement statement, IReadOnlySet<Call> calls)
    {
        // A plan has estimates only, unless the statement runs.
        if (calls.Count == 0 || statement is ExplainStatement { Runs: false })
            return null;
        if (statement is ExplainStatement)
            return new GroupShape { Because = "EXPLAIN ANALYZE prints numbers of rows" };
        var query = statement switch
        {
            QueryStatement { Query: var only } => only,
            DeclareCursorStatement { Query: var declared } => declared,
            PrepareStatement { Inner: QueryStatement { Query: var prepared } } => prepared,
            _ => null,
        };
        if (query is not SelectQuery select)
            return new GroupShape { Because = "the outermost query is no plain SELECT" };
        if (select.Having is not null || select.IsDistinct || !select.DistinctOn.IsEmpty)
            return new GroupShape { Because = "HAVING and DISTINCT choose among groups" };
        var found = new HashSet<Call>();
        var isMade = ImmutableArray.CreateBuilder<bool>(select.Targets.Length);
        int? counted = null;
        foreach (var target in select.Targets)
        {
            if (target.Value is ColumnReference { IsStar: true })
                return new GroupShape { Because = "a star stands for columns whose places are not certain" };
            var before = found.Count;
            Collect(target.Value, found);
            isMade.Add(found.Count > before);
            if (target.Value is Call { IsStar: true, IsDistinct: false, Filter: null, Over: null, Function: { Schema: null or "pg_catalog", Name: "count" } })
                counted ??= isMade.Count - 1;
        }
        foreach (var order in select.OrderBy)
            Collect(order, found);
        if (!found.SetEquals(calls) || found.Any(static call => call.Over is not null))
            return new GroupShape { Because = "rows are made into one elsewhere than in the outermost select list" };
        if (!found.All(static call => call.Filter is null && call.Arguments.All(IsOfEveryRow)))
            return new GroupShape { Because = "an aggregate chooses among the rows of its group" };
        return counted is null ? new GroupShape { Because = "no column of the answer is count(*)" }
            : new GroupShape { CountColumn = counted, IsMade = isMade.ToImmutable() };
    }

    /// <summary>
    /// A column, or arithmetic with columns: sum(CASE WHEN …) and sum((a = b)::int) count some of the rows, and count(*) beside them counts all.
    /// </summary>
    private static bool IsOfEveryRow(Expression expression) => expression switch
    {
        ColumnReference or Literal => true,
        Cast cast => IsOfEveryRow(cast.Argument),
        OperatorCall { Form: OperatorForm.Plain, Operator: { Schema: null or "pg_catalog", Name: "+" or "-" or "*" or "/" } } operation =>
            (operation.Left is null || IsOfEveryRow(operation.Left)) && operation.Right.All(IsOfEveryRow),
        _ => false,
    };

    /// <summary>Only through forms that keep to the row: what stands in a subquery has rows of its own.</summary>
    private static void Collect(Expression? expression, HashSet<Call> found)
    {
        switch (expression)
        {
            case Call call:
                if (Is(call))
                    found.Add(call);
                foreach (var argument in call.Arguments)
                    Collect(argument, found);
                break;
            case Cast cast:
                Collect(cast.Argument, found);
                break;
            case OperatorCall operation:
                Collect(operation.Left, found);
                foreach (var operand in operation.Right)
                    Collect(operand, found);
                break;
            case Construction construction:
                foreach (var argument in construction.Arguments)
                    Collect(argument, found);
                break;
            case BooleanCombination combination:
                foreach (var operand in combination.Operands)
                    Collect(operand, found);
                break;
            case NullTest test:
                Collect(test.Argument, found);
                break;
            default:
                break;
        }
    }
}
