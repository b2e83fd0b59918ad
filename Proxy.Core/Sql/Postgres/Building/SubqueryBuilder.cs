using Proxy.Core.Sql.Postgres.Tree;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.Postgres.Building;

/// <summary>Queries used as values.</summary>
internal static class SubqueryBuilder
{
    private static readonly FieldSet OfSubquery = new(TreeField.Testexpr, TreeField.OperName, TreeField.Subselect);
    private static readonly QualifiedName EqualsOperator = new(null, "=");

    public static Expression Build(ref BuildContext context, int index) =>
        TryReadForm(context.Text.RawOf(index, TreeField.SubLinkType), out SubqueryForm form)
            ? Build(ref context, index, form)
            : ExpressionBuilder.Opaque(context, index);

    /// <summary>A subquery where a row is expected; of other forms what they are.</summary>
    public static Expression BuildRow(ref BuildContext context, int index)
    {
        if (!context.Is(index, TreeField.SubLinkType, "EXPR_SUBLINK"u8)) return ExpressionBuilder.Build(ref context, index);
        if (!context.TryEnter()) return ExpressionBuilder.Opaque(context, index);
        Expression expression = Build(ref context, index, SubqueryForm.Row);
        context.Leave();
        return expression;
    }

    private static Expression Build(ref BuildContext context, int index, SubqueryForm form)
    {
        int query = context.Child(index, TreeField.Subselect);
        if (query < 0 || context.HoldsOther(index, OfSubquery)) return ExpressionBuilder.Opaque(context, index);
        bool hasOperator = form is SubqueryForm.Any or SubqueryForm.All;
        return new SubqueryExpression
        {
            Form = form,
            Test = ExpressionBuilder.Optional(ref context, index, TreeField.Testexpr),
            Operator = hasOperator ? context.Text.Qualified(index, TreeField.OperName) ?? EqualsOperator : null,
            Query = QueryBuilder.Build(ref context, query),
            Position = context.Position(index),
        };
    }

    private static bool TryReadForm(ReadOnlySpan<byte> type, out SubqueryForm form)
    {
        form = SubqueryForm.Scalar;
        if (type.SequenceEqual("EXPR_SUBLINK"u8)) return true;
        if (type.SequenceEqual("EXISTS_SUBLINK"u8)) form = SubqueryForm.Exists;
        else if (type.SequenceEqual("ANY_SUBLINK"u8)) form = SubqueryForm.Any;
        else if (type.SequenceEqual("ALL_SUBLINK"u8)) form = SubqueryForm.All;
        else if (type.SequenceEqual("ARRAY_SUBLINK"u8)) form = SubqueryForm.Array;
        return form != SubqueryForm.Scalar;
    }
}
