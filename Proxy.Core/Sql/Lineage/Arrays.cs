using System.Collections.Immutable;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.Lineage;

/// <summary>
/// What can be an array: arrays that are put together fail where their dimensions differ, and array_agg fails for NULL among them. Types are not
/// resolved, so this tells from the columns' types and from how an expression is written.
/// </summary>
internal static class Arrays
{
    public static bool MayBeAny(ImmutableArray<Expression> expressions, List<Flow> flows)
    {
        for (var i = 0; i < flows.Count; i++)
            if (MayBe(i < expressions.Length ? expressions[i] : null, flows[i]))
                return true;
        return false;
    }

    public static bool MayBe(Expression? expression, Flow flow)
    {
        if (expression is Cast cast)
            return cast.IsArray;
        if (expression is Call { Function.Name: "array_to_string" or "array_length" or "cardinality" })
            return false;
        // Not what the fields of a row are.
        if (!flow.HoldsRow || flow.Derivation is Derivation.Copy)
            foreach (var source in flow.Sources.Columns)
                if (source.Column.Shape.IsArray)
                    return true;
        return expression switch
        {
            Construction { Kind: ConstructionKind.Array } or SubqueryExpression { Form: SubqueryForm.Array } => true,
            Construction { Kind: ConstructionKind.Coalesce or ConstructionKind.Greatest or ConstructionKind.Least or ConstructionKind.Collate } any =>
                any.Arguments.Any(IsWrittenAs),
            Conditional conditional => conditional.Arms.Any(static arm => IsWrittenAs(arm.Then)) || (conditional.Else is { } otherwise && IsWrittenAs(otherwise)),
            OperatorCall { Left: { } left } call => IsWrittenAs(left) || call.Right.Any(IsWrittenAs),
            Call call => call.Function.Name.Contains("array", StringComparison.Ordinal) || call.Arguments.Any(IsWrittenAs),
            // A value from within a query was made where this cannot see; what is NULL without need may be an array.
            _ => flow.TellsByNull && !flow.HoldsRow && flow.IsPhi,
        };
    }

    private static bool IsWrittenAs(Expression expression) => MayBe(expression, Flow.Constant);
}
