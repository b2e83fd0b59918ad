using System.Collections.Immutable;
using Proxy.Core.Sql.Postgres.Tree;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.Postgres.Building;

/// <summary>Entries of select lists and of RETURNING.</summary>
internal static class TargetBuilder
{
    private static readonly FieldSet OfTarget = new(TreeField.Val);

    public static ImmutableArray<Target> List(ref BuildContext context, int parent, TreeField field) =>
        NodeList.Build(ref context, parent, field, Build);

    private static Target Build(ref BuildContext context, int index)
    {
        bool isKnown = context.TypeOf(index) == TreeNodeType.ResTarget && !context.HoldsOther(index, OfTarget);
        return new Target
        {
            Value = isKnown ? ExpressionBuilder.Required(ref context, index, TreeField.Val) : ExpressionBuilder.Opaque(context, index),
            Alias = context.Text.NameOf(index, TreeField.Name),
            Position = context.Position(index),
        };
    }
}
