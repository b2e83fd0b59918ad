using System.Collections.Immutable;
using Proxy.Core.Sql.Postgres.Tree;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.Postgres.Building;

/// <summary>Windows after OVER and in WINDOW.</summary>
internal static class WindowBuilder
{
    /// <summary>FRAMEOPTION_NONDEFAULT of parsenodes.h.</summary>
    private const int IsSpelledOut = 1;

    private static readonly FieldSet OfWindow =
        new(TreeField.PartitionClause, TreeField.OrderClause, TreeField.StartOffset, TreeField.EndOffset);

    /// <summary>OVER name has the name where WINDOW has the one that it defines; OVER (name …) where WINDOW has the one it extends.</summary>
    public static Window BuildOver(ref BuildContext context, int index)
    {
        string? @base = context.Text.NameOf(index, TreeField.Name) ?? context.Text.NameOf(index, TreeField.Refname);
        return Build(ref context, index, name: null, @base);
    }

    public static Window BuildNamed(ref BuildContext context, int index) =>
        Build(ref context, index, context.Text.NameOf(index, TreeField.Name), context.Text.NameOf(index, TreeField.Refname));

    private static Window Build(ref BuildContext context, int index, string? name, string? @base)
    {
        bool isKnown = context.TypeOf(index) == TreeNodeType.WindowDef && !context.HoldsOther(index, OfWindow);
        return new Window
        {
            Name = name,
            Base = @base,
            PartitionBy = isKnown
                ? ExpressionBuilder.List(ref context, index, TreeField.PartitionClause)
                : [ExpressionBuilder.Opaque(context, index)],
            OrderBy = SortBuilder.List(ref context, index, TreeField.OrderClause),
            HasFrame = (context.Number(index, TreeField.FrameOptions) & IsSpelledOut) != 0,
            FrameOffsets = FrameOffsets(ref context, index),
            Position = context.Position(index),
        };
    }

    private static ImmutableArray<Expression> FrameOffsets(ref BuildContext context, int index)
    {
        Expression? start = ExpressionBuilder.Optional(ref context, index, TreeField.StartOffset);
        Expression? end = ExpressionBuilder.Optional(ref context, index, TreeField.EndOffset);
        return (start, end) switch
        {
            (null, null) => [],
            (null, { }) => [end],
            ({ }, null) => [start],
            _ => [start, end],
        };
    }
}
