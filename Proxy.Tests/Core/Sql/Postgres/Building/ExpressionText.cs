using Proxy.Core.Sql.Syntax;

namespace Proxy.Tests.Core.Sql.Postgres.Building;

/// <summary>The part of <see cref="SyntaxText"/> about expressions.</summary>
internal readonly struct ExpressionText(SyntaxText text)
{
    public void Write(Expression expression)
    {
        switch (expression)
        {
            case ColumnReference column:
                text.Word(string.Join('.', column.IsStar ? column.Parts.Add("*") : column.Parts));
                return;
            case Literal literal:
                text.Word($"<{literal.Kind.ToString().ToLowerInvariant()}>");
                return;
            case Parameter parameter:
                text.Word($"${parameter.Number}");
                return;
            case DefaultValue:
                text.Word("default");
                return;
            case OpaqueExpression opaque:
                text.Word($"(OPAQUE {opaque.Because})");
                return;
            case CursorPosition position:
                text.Word($"(current-of {position.Cursor})");
                return;
            default:
                WriteList(expression);
                text.Close();
                return;
        }
    }

    private void WriteList(Expression expression)
    {
        switch (expression)
        {
            case Call call:
                WriteCall(call);
                break;
            case OperatorCall call:
                string form = call.Form == OperatorForm.Plain ? "" : $" {(call.IsNegated ? "not-" : "")}{call.Form.ToString().ToLowerInvariant()}";
                text.Open($"{call.Operator}{form}");
                if (call.Left is not null) text.Value(call.Left);
                foreach (Expression right in call.Right) text.Value(right);
                break;
            case BooleanCombination combination:
                text.Open(combination.Operator.ToString().ToLowerInvariant());
                foreach (Expression operand in combination.Operands) text.Value(operand);
                break;
            case Conditional conditional:
                text.Open("case");
                if (conditional.Operand is not null) text.Value(conditional.Operand);
                foreach (ConditionalArm arm in conditional.Arms)
                {
                    text.Part("when", arm.When);
                    text.Part("then", arm.Then);
                }

                text.Part("else", conditional.Else);
                break;
            case Construction construction:
                text.Open(construction.Kind.ToString());
                foreach (Expression argument in construction.Arguments) text.Value(argument);
                break;
            case Cast cast:
                text.Open($"cast {cast.Type}{(cast.IsArray ? "[]" : "")}");
                text.Value(cast.Argument);
                break;
            case NullTest test:
                text.Open(test.IsNegated ? "is-not-null" : "is-null");
                text.Value(test.Argument);
                break;
            case FieldSelection selection:
                text.Open("field");
                text.Value(selection.Argument);
                text.Word(selection.Field ?? "*");
                break;
            case Subscript subscript:
                text.Open("subscript");
                text.Value(subscript.Argument);
                foreach (Expression bound in subscript.Indices) text.Value(bound);
                break;
            case SubqueryExpression subquery:
                text.Open($"{subquery.Form.ToString().ToLowerInvariant()}-query");
                if (subquery.Operator is { } @operator) text.Word(@operator.ToString());
                if (subquery.Test is not null) text.Value(subquery.Test);
                text.Value(subquery.Query);
                break;
            default:
                text.Open(expression.GetType().Name);
                break;
        }
    }

    private void WriteCall(Call call)
    {
        text.Open($"call {call.Function}");
        text.Flag(call.IsStar, "*");
        text.Flag(call.IsDistinct, "distinct");
        foreach (Expression argument in call.Arguments) text.Value(argument);
        text.List(call.IsWithinGroup ? "within-group" : "order", call.OrderBy);
        text.Part("filter", call.Filter);
        text.Part("over", call.Over);
    }
}
