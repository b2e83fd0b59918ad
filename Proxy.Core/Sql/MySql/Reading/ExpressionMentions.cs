using System.Collections.Immutable;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.MySql.Reading;

/// <summary>What expressions mention.</summary>
internal static class ExpressionMentions
{
    private static readonly QualifiedName EqualsOperator = new(null, "=");

    public static void Add(MentionCollector found, ImmutableArray<Expression> expressions, bool isStored)
    {
        foreach (Expression expression in expressions) Add(found, expression, isStored);
    }

    public static void Add(MentionCollector found, Expression? expression, bool isStored)
    {
        switch (expression)
        {
            case null or DefaultValue:
                break;
            case Literal literal:
                if (literal is { Kind: LiteralKind.Text or LiteralKind.Bits, Value: { } value }) found.Literal(value);
                break;
            case Parameter parameter:
                found.Parameters.Add(parameter.Number);
                break;
            case ColumnReference reference:
                if (reference.IsStar) found.AnyColumn(isStored);
                else found.Column(reference.Parts[^1], isStored);
                break;
            case Call call:
                AddCall(found, call, isStored);
                break;
            case OperatorCall call:
                found.Operator(call.Operator);
                Add(found, call.Left, isStored);
                Add(found, call.Right, isStored);
                break;
            case BooleanCombination combination:
                Add(found, combination.Operands, isStored);
                break;
            case NullTest test:
                Add(found, test.Argument, isStored);
                break;
            case Cast cast:
                found.Types.Add(cast.Type);
                Add(found, cast.Argument, isStored);
                break;
            case Conditional conditional:
                AddConditional(found, conditional, isStored);
                break;
            case Construction construction:
                Add(found, construction.Arguments, isStored);
                break;
            case SubqueryExpression subquery:
                if (subquery.Operator is { } comparison) found.Operator(comparison);
                Add(found, subquery.Test, isStored);
                // Whether and how often there are rows shows in the value that is stored.
                QueryMentions.Add(found, subquery.Query, isStored, storesConditions: isStored);
                break;
            default:
                found.Opaque($"the reader does not know {expression.GetType().Name}");
                break;
        }
    }

    private static void AddConditional(MentionCollector found, Conditional conditional, bool isStored)
    {
        if (conditional.Operand is { } operand)
        {
            found.Operator(EqualsOperator);
            Add(found, operand, isStored);
        }

        foreach (ConditionalArm arm in conditional.Arms)
        {
            Add(found, arm.When, isStored);
            Add(found, arm.Then, isStored);
        }

        Add(found, conditional.Else, isStored);
    }

    private static void AddCall(MentionCollector found, Call call, bool isStored)
    {
        found.Functions.Add(call.Function);
        // What goes into a variable is stored as well.
        bool isArgumentStored = isStored || call.Function is { Schema: null, Name: ":=" };
        Add(found, call.Arguments, isArgumentStored);
        Add(found, call.OrderBy, isStored);
        Add(found, call.Filter, isStored);
        AddWindow(found, call.Over, isStored);
    }

    public static void AddWindow(MentionCollector found, Window? window, bool isStored)
    {
        if (window is null) return;
        foreach (Expression item in window.PartitionBy) ByAlias(found, item);
        foreach (Expression item in window.OrderBy) ByAlias(found, item);
        Add(found, window.PartitionBy, isStored);
        Add(found, window.OrderBy, isStored);
        Add(found, window.FrameOffsets, isStored);
    }

    /// <summary>A window sorts by what the select list calls so, and only then by a column of that name [ran]; our lineage knows columns.</summary>
    private static void ByAlias(MentionCollector found, Expression item)
    {
        if (item is not ColumnReference { IsStar: false, Parts: [var name] } || found.Selecting is not { } select) return;
        foreach (Target target in select.Targets)
        {
            bool isAnother = target.Value is not ColumnReference { Parts: [.., var column] } || column != name;
            if (target.Alias == name && isAnother) found.Opaque("a window by a name that the select list gives to something else");
        }
    }
}
