using Proxy.Core.Sql.Postgres.Tree;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.Postgres.Building;

/// <summary>UPDATE and DELETE.</summary>
internal static class UpdateBuilder
{
    private static readonly FieldSet OfUpdate = new(
        TreeField.Relation, TreeField.TargetList, TreeField.WhereClause, TreeField.FromClause, TreeField.ReturningClause, TreeField.WithClause);

    private static readonly FieldSet OfDelete =
        new(TreeField.Relation, TreeField.UsingClause, TreeField.WhereClause, TreeField.ReturningClause, TreeField.WithClause);

    public static Statement? BuildUpdate(ref BuildContext context, int index)
    {
        if (context.HoldsOther(index, OfUpdate) || SourceBuilder.OptionalTable(ref context, index, TreeField.Relation) is not { } target) return null;
        return new UpdateStatement
        {
            With = WithBuilder.Optional(ref context, index),
            Target = target,
            Assignments = AssignmentBuilder.List(ref context, index, TreeField.TargetList),
            From = SourceBuilder.List(ref context, index, TreeField.FromClause),
            Where = ExpressionBuilder.Optional(ref context, index, TreeField.WhereClause),
            Returning = ReturningBuilder.Targets(ref context, index),
            OldAlias = ReturningBuilder.OldAlias(context, index),
            NewAlias = ReturningBuilder.NewAlias(context, index),
        };
    }

    public static Statement? BuildDelete(ref BuildContext context, int index)
    {
        if (context.HoldsOther(index, OfDelete) || SourceBuilder.OptionalTable(ref context, index, TreeField.Relation) is not { } target) return null;
        return new DeleteStatement
        {
            With = WithBuilder.Optional(ref context, index),
            Target = target,
            Using = SourceBuilder.List(ref context, index, TreeField.UsingClause),
            Where = ExpressionBuilder.Optional(ref context, index, TreeField.WhereClause),
            Returning = ReturningBuilder.Targets(ref context, index),
            OldAlias = ReturningBuilder.OldAlias(context, index),
            NewAlias = ReturningBuilder.NewAlias(context, index),
        };
    }
}
