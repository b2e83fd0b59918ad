using Proxy.Core.Sql.Postgres.Tree;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.Postgres.Building;

/// <summary>INSERT.</summary>
internal static class InsertBuilder
{
    private static readonly FieldSet OfInsert = new(
        TreeField.Relation, TreeField.Cols, TreeField.SelectStmt, TreeField.OnConflictClause, TreeField.ReturningClause, TreeField.WithClause);

    private static readonly FieldSet OfConflict = new(TreeField.Infer, TreeField.TargetList, TreeField.WhereClause);
    private static readonly FieldSet OfInference = new(TreeField.IndexElems, TreeField.WhereClause);
    private static readonly FieldSet OfArbiter = new(TreeField.Expr, TreeField.Collation, TreeField.Opclass);

    public static Statement? Build(ref BuildContext context, int index)
    {
        if (context.HoldsOther(index, OfInsert) || SourceBuilder.OptionalTable(ref context, index, TreeField.Relation) is not { } target) return null;
        int query = context.Child(index, TreeField.SelectStmt);
        int conflict = context.Child(index, TreeField.OnConflictClause);
        var (columns, subscripts) = AssignmentBuilder.Columns(ref context, index, TreeField.Cols);
        return new InsertStatement
        {
            With = WithBuilder.Optional(ref context, index),
            Target = target,
            Columns = columns,
            Subscripts = subscripts,
            Query = query < 0 ? null : QueryBuilder.Build(ref context, query),
            OnConflict = conflict < 0 ? null : BuildConflict(ref context, conflict),
            Returning = ReturningBuilder.Targets(ref context, index),
            OldAlias = ReturningBuilder.OldAlias(context, index),
            NewAlias = ReturningBuilder.NewAlias(context, index),
        };
    }

    private static ConflictClause BuildConflict(ref BuildContext context, int index)
    {
        int inference = context.Child(index, TreeField.Infer);
        bool isKnown = !context.HoldsOther(index, OfConflict) && (inference < 0 || !context.HoldsOther(inference, OfInference));
        return new ConflictClause
        {
            Arbiters = inference < 0 ? [] : NodeList.Build(ref context, inference, TreeField.IndexElems, BuildArbiter),
            ArbiterWhere = inference < 0 ? null : ExpressionBuilder.Optional(ref context, inference, TreeField.WhereClause),
            Constraint = inference < 0 ? null : context.Text.NameOf(inference, TreeField.Conname),
            Updates = !context.Is(index, TreeField.Action, "ONCONFLICT_NOTHING"u8),
            Assignments = AssignmentBuilder.List(ref context, index, TreeField.TargetList),
            Where = isKnown ? ExpressionBuilder.Optional(ref context, index, TreeField.WhereClause) : ExpressionBuilder.Opaque(context, index),
            Position = context.Position(index),
        };
    }

    private static Expression BuildArbiter(ref BuildContext context, int index)
    {
        if (context.TypeOf(index) != TreeNodeType.IndexElem || context.HoldsOther(index, OfArbiter)) return ExpressionBuilder.Opaque(context, index);
        return context.Text.NameOf(index, TreeField.Name) is { } column
            ? new ColumnReference { Parts = [column] }
            : ExpressionBuilder.Required(ref context, index, TreeField.Expr);
    }
}
