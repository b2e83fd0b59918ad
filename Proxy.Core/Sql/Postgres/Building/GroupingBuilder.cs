using System.Collections.Immutable;
using Proxy.Core.Sql.Postgres.Tree;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.Postgres.Building;

/// <summary>GROUP BY, flattened: sets within sets, and (a, b), which there is two expressions and not a row.</summary>
internal static class GroupingBuilder
{
    public static ImmutableArray<Expression> Build(ref BuildContext context, int query)
    {
        int first = context.Child(query, TreeField.GroupClause);
        if (first < 0) return [];
        List<Expression> expressions = [];
        for (int item = first; item >= 0; item = context.Next(query, context.Tree[item].End, TreeField.GroupClause))
        {
            AddItem(ref context, item, expressions);
        }

        return [.. expressions];
    }

    /// <summary>A loop over the entries in order: what is flattened is stepped into, scalars are stepped over.</summary>
    private static void AddItem(ref BuildContext context, int item, List<Expression> expressions)
    {
        ParseTree tree = context.Tree;
        int end = tree[item].End;
        for (int index = item; index < end;)
        {
            if (IsFlattened(context, index))
            {
                index++;
                continue;
            }

            if (BuildContext.IsNode(tree[index].Type)) expressions.Add(ExpressionBuilder.Build(ref context, index));
            index = tree[index].End;
        }
    }

    private static bool IsFlattened(in BuildContext context, int index) => context.TypeOf(index) switch
    {
        TreeNodeType.GroupingSet => true,
        TreeNodeType.RowExpr => context.Is(index, TreeField.RowFormat, "COERCE_IMPLICIT_CAST"u8),
        _ => false,
    };
}
