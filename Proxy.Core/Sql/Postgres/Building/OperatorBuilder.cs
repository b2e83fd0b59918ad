using System.Collections.Immutable;
using Proxy.Core.Sql.Postgres.Tree;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.Postgres.Building;

/// <summary>Operators, and the forms with key words that the server turns into operators.</summary>
internal static class OperatorBuilder
{
    private static readonly FieldSet OfOperator = new(TreeField.Name, TreeField.Lexpr, TreeField.Rexpr);
    private static readonly FieldSet OfList = new(TreeField.Items);

    /// <summary>The grammar has four names for BETWEEN, none of them an operator: the server compares with its two bounds.</summary>
    private static readonly QualifiedName Between = new(null, "BETWEEN");

    public static Expression Build(ref BuildContext context, int index)
    {
        if (context.HoldsOther(index, OfOperator)
            || !TryReadForm(context.Text.RawOf(index, TreeField.Kind), out OperatorForm form, out bool isNegated)
            || context.Text.Qualified(index, TreeField.Name) is not { } name)
        {
            return ExpressionBuilder.Opaque(context, index);
        }

        if (form is OperatorForm.In or OperatorForm.Like or OperatorForm.ILike or OperatorForm.SimilarTo) isNegated = name.Name is "<>" or ['!', ..];
        bool isBetween = form is OperatorForm.Between or OperatorForm.BetweenSymmetric;
        return new OperatorCall
        {
            Operator = isBetween ? Between : name,
            Form = form,
            IsNegated = isNegated,
            Left = ExpressionBuilder.Optional(ref context, index, TreeField.Lexpr),
            Right = Right(ref context, index, form),
            Position = context.Position(index),
        };
    }

    private static ImmutableArray<Expression> Right(ref BuildContext context, int index, OperatorForm form)
    {
        int right = context.Child(index, TreeField.Rexpr);
        if (right < 0) return [ExpressionBuilder.Opaque(context, index)];
        if (context.TypeOf(right) == TreeNodeType.List)
        {
            return context.HoldsOther(right, OfList)
                ? [ExpressionBuilder.Opaque(context, right)]
                : ExpressionBuilder.List(ref context, right, TreeField.Items);
        }

        // (a, b) = (SELECT …) compares rows: the grammar writes a scalar subquery, the server takes it for a row.
        if (form == OperatorForm.Plain && context.TypeOf(right) == TreeNodeType.SubLink
            && context.Child(index, TreeField.Lexpr) is >= 0 and var left && context.TypeOf(left) == TreeNodeType.RowExpr)
        {
            return [SubqueryBuilder.BuildRow(ref context, right)];
        }

        return [ExpressionBuilder.Build(ref context, right)];
    }

    private static bool TryReadForm(ReadOnlySpan<byte> kind, out OperatorForm form, out bool isNegated)
    {
        form = OperatorForm.Plain;
        isNegated = false;
        if (kind.SequenceEqual("AEXPR_OP"u8)) return true;
        OperatorForm? found = null;
        if (kind.SequenceEqual("AEXPR_OP_ANY"u8)) found = OperatorForm.Any;
        else if (kind.SequenceEqual("AEXPR_OP_ALL"u8)) found = OperatorForm.All;
        else if (kind.SequenceEqual("AEXPR_IN"u8)) found = OperatorForm.In;
        else if (kind.SequenceEqual("AEXPR_LIKE"u8)) found = OperatorForm.Like;
        else if (kind.SequenceEqual("AEXPR_ILIKE"u8)) found = OperatorForm.ILike;
        else if (kind.SequenceEqual("AEXPR_SIMILAR"u8)) found = OperatorForm.SimilarTo;
        else if (kind.SequenceEqual("AEXPR_DISTINCT"u8)) found = OperatorForm.DistinctFrom;
        else if (kind.SequenceEqual("AEXPR_NULLIF"u8)) found = OperatorForm.NullIf;
        else if (kind.SequenceEqual("AEXPR_BETWEEN"u8)) found = OperatorForm.Between;
        else if (kind.SequenceEqual("AEXPR_BETWEEN_SYM"u8)) found = OperatorForm.BetweenSymmetric;
        if (found is null)
        {
            isNegated = true;
            if (kind.SequenceEqual("AEXPR_NOT_DISTINCT"u8)) found = OperatorForm.DistinctFrom;
            else if (kind.SequenceEqual("AEXPR_NOT_BETWEEN"u8)) found = OperatorForm.Between;
            else if (kind.SequenceEqual("AEXPR_NOT_BETWEEN_SYM"u8)) found = OperatorForm.BetweenSymmetric;
        }

        form = found ?? OperatorForm.Plain;
        return found is not null;
    }
}
