using Proxy.Core.Sql.Postgres.Tree;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.Postgres.Building;

/// <summary>MERGE.</summary>
internal static class MergeBuilder
{
    private static readonly FieldSet OfMerge = new(
        TreeField.Relation, TreeField.SourceRelation, TreeField.JoinCondition, TreeField.MergeWhenClauses, TreeField.ReturningClause,
        TreeField.WithClause);

    private static readonly FieldSet OfArm = new(TreeField.Condition, TreeField.TargetList, TreeField.Values);

    public static Statement? Build(ref BuildContext context, int index)
    {
        int source = context.Child(index, TreeField.SourceRelation);
        if (source < 0 || context.HoldsOther(index, OfMerge) || !KnowsArms(context, index)
            || SourceBuilder.OptionalTable(ref context, index, TreeField.Relation) is not { } target)
        {
            return null;
        }

        return new MergeStatement
        {
            With = WithBuilder.Optional(ref context, index),
            Target = target,
            Source = SourceBuilder.Build(ref context, source),
            On = ExpressionBuilder.Required(ref context, index, TreeField.JoinCondition),
            Arms = NodeList.Build(ref context, index, TreeField.MergeWhenClauses, BuildArm),
            Returning = ReturningBuilder.Targets(ref context, index),
            OldAlias = ReturningBuilder.OldAlias(context, index),
            NewAlias = ReturningBuilder.NewAlias(context, index),
        };
    }

    private static bool KnowsArms(in BuildContext context, int merge)
    {
        for (int arm = context.Child(merge, TreeField.MergeWhenClauses); arm >= 0;
            arm = context.Next(merge, context.Tree[arm].End, TreeField.MergeWhenClauses))
        {
            if (context.TypeOf(arm) != TreeNodeType.MergeWhenClause || context.HoldsOther(arm, OfArm)
                || !TryReadMatch(context.Text.RawOf(arm, TreeField.MatchKind), out _)
                || !TryReadAction(context.Text.RawOf(arm, TreeField.CommandType), out _))
            {
                return false;
            }
        }

        return true;
    }

    private static MergeArm BuildArm(ref BuildContext context, int index)
    {
        TryReadMatch(context.Text.RawOf(index, TreeField.MatchKind), out MergeMatch match);
        TryReadAction(context.Text.RawOf(index, TreeField.CommandType), out MergeAction action);
        Expression? condition = ExpressionBuilder.Optional(ref context, index, TreeField.Condition);
        if (action != MergeAction.Insert)
        {
            return new MergeArm
            {
                Match = match,
                Action = action,
                Condition = condition,
                Assignments = AssignmentBuilder.List(ref context, index, TreeField.TargetList),
            };
        }

        var (columns, subscripts) = AssignmentBuilder.Columns(ref context, index, TreeField.TargetList);
        return new MergeArm
        {
            Match = match,
            Action = action,
            Condition = condition,
            Columns = columns,
            Subscripts = subscripts,
            Values = ExpressionBuilder.List(ref context, index, TreeField.Values),
        };
    }

    private static bool TryReadMatch(ReadOnlySpan<byte> kind, out MergeMatch match)
    {
        match = MergeMatch.Matched;
        if (kind.SequenceEqual("MERGE_WHEN_MATCHED"u8)) return true;
        if (kind.SequenceEqual("MERGE_WHEN_NOT_MATCHED_BY_SOURCE"u8)) match = MergeMatch.NotMatchedBySource;
        else if (kind.SequenceEqual("MERGE_WHEN_NOT_MATCHED_BY_TARGET"u8)) match = MergeMatch.NotMatchedByTarget;
        return match != MergeMatch.Matched;
    }

    private static bool TryReadAction(ReadOnlySpan<byte> command, out MergeAction action)
    {
        action = MergeAction.Nothing;
        if (command.SequenceEqual("CMD_NOTHING"u8)) return true;
        if (command.SequenceEqual("CMD_INSERT"u8)) action = MergeAction.Insert;
        else if (command.SequenceEqual("CMD_UPDATE"u8)) action = MergeAction.Update;
        else if (command.SequenceEqual("CMD_DELETE"u8)) action = MergeAction.Delete;
        return action != MergeAction.Nothing;
    }
}
