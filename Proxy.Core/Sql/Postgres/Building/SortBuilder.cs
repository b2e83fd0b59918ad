using System.Collections.Immutable;
using Proxy.Core.Sql.Postgres.Tree;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.Postgres.Building;

/// <summary>ORDER BY, wherever it stands. Directions are left out: what is sorted by decides the order either way.</summary>
internal static class SortBuilder
{
    private static readonly FieldSet OfSort = new(TreeField.Node, TreeField.UseOp);

    public static ImmutableArray<Expression> List(ref BuildContext context, int parent, TreeField field) =>
        NodeList.Build(ref context, parent, field, Build);

    private static Expression Build(ref BuildContext context, int index) =>
        context.TypeOf(index) == TreeNodeType.SortBy && !context.HoldsOther(index, OfSort)
            ? ExpressionBuilder.Required(ref context, index, TreeField.Node)
            : ExpressionBuilder.Opaque(context, index);
}
