using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.Lineage;

/// <summary>The name that a column of a select list gets when nobody names it: PostgreSQL's rules (FigureColname in parse_target.c).</summary>
internal static class TargetNames
{
    private const string None = "?column?";

    public static string Of(Target target) => target.Alias ?? target.DefaultName?.ToLowerInvariant() ?? Figure(target.Value).Name;

    /// <summary>Weak names give way to those of what stands around them, as a type's name does to that of what is cast.</summary>
    private static (string Name, bool IsStrong) Figure(Expression expression)
    {
        switch (expression)
        {
            case ColumnReference { IsStar: false, Parts: [.., var last] }:
                return (last, true);
            case FieldSelection { Field: { } field }:
                return (field, true);
            case FieldSelection { Argument: var row }:
                return Figure(row);
            case Subscript subscript:
                return Figure(subscript.Argument);
            case Call call:
                return (call.Function.Name, true);
            case OperatorCall { Form: OperatorForm.NullIf }:
                return ("nullif", true);
            case Cast cast:
                var inner = Figure(cast.Argument);
                return inner.IsStrong ? inner : (cast.Type.Name, false);
            case Construction { Kind: ConstructionKind.Collate, Arguments: [var collated] }:
                return Figure(collated);
            case Conditional { Else: { } otherwise } when Figure(otherwise) is { IsStrong: true } named:
                return named;
            case Conditional:
                return ("case", false);
            case SubqueryExpression subquery:
                return OfSubquery(subquery);
            case Construction construction:
                return OfConstruction(construction.Kind);
            default:
                return (None, false);
        }
    }

    private static (string, bool) OfSubquery(SubqueryExpression subquery) => subquery.Form switch
    {
        SubqueryForm.Exists => ("exists", true),
        SubqueryForm.Array => ("array", true),
        SubqueryForm.Scalar => FirstTarget(subquery.Query) is { } target ? (Of(target), true) : (None, false),
        _ => (None, false),
    };

    private static (string, bool) OfConstruction(ConstructionKind kind) => kind switch
    {
        ConstructionKind.Row => ("row", true),
        ConstructionKind.Array => ("array", true),
        ConstructionKind.Coalesce => ("coalesce", true),
        ConstructionKind.Greatest => ("greatest", true),
        ConstructionKind.Least => ("least", true),
        ConstructionKind.Grouping => ("grouping", true),
        _ => (None, false),
    };

    private static Target? FirstTarget(Query query)
    {
        while (query is SetOperationQuery operation)
            query = operation.Left;
        return query is SelectQuery { Targets: [var first, ..] } ? first : null;
    }
}
