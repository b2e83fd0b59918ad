using System.Collections.Immutable;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.Lineage.RowOrder;

/// <summary>Whether two expressions of one query are spelled alike, as the server looks for those of ORDER BY among those of GROUP BY. When in doubt, they are not.</summary>
internal static class SameExpression
{
    public static bool Are(Expression? a, Expression? b) => ReferenceEquals(a, b) || (a, b) switch
    {
        (ColumnReference one, ColumnReference other) => !one.IsStar && !other.IsStar && one.Parts.SequenceEqual(other.Parts),
        (Literal one, Literal other) => one.Kind == other.Kind && string.Equals(one.Value, other.Value, StringComparison.Ordinal),
        (Parameter one, Parameter other) => one.Number == other.Number,
        (Cast one, Cast other) => one.Type == other.Type && one.IsArray == other.IsArray && Are(one.Argument, other.Argument),
        (Call one, Call other) => one.Function == other.Function && IsPlain(one) && IsPlain(other) && Are(one.Arguments, other.Arguments),
        (OperatorCall one, OperatorCall other) =>
            one.Operator == other.Operator && one.Form == other.Form && one.IsNegated == other.IsNegated && Are(one.Left, other.Left) && Are(one.Right, other.Right),
        (Construction one, Construction other) => one.Kind == other.Kind && one.Kind is not (ConstructionKind.Other or ConstructionKind.Collate) && Are(one.Arguments, other.Arguments),
        (NullTest one, NullTest other) => one.IsNegated == other.IsNegated && Are(one.Argument, other.Argument),
        _ => false,
    };

    private static bool Are(ImmutableArray<Expression> a, ImmutableArray<Expression> b)
    {
        if (a.Length != b.Length)
            return false;
        for (var i = 0; i < a.Length; i++)
            if (!Are(a[i], b[i]))
                return false;
        return true;
    }

    private static bool IsPlain(Call call) => call is { IsDistinct: false, IsStar: false, HasNamedArguments: false, IsWithinGroup: false, Filter: null, Over: null, OrderBy.IsEmpty: true };
}
