using Proxy.Core.Sql.Postgres.Tree;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.Postgres.Building;

/// <summary>Column references, and what selects from a value: fields, stars, subscripts.</summary>
internal static class ReferenceBuilder
{
    private static readonly FieldSet OfColumn = new(TreeField.Fields);
    private static readonly FieldSet OfIndirection = new(TreeField.Arg, TreeField.Indirection);
    private static readonly FieldSet OfSubscript = new(TreeField.Lidx, TreeField.Uidx);

    public static Expression Column(ref BuildContext context, int index)
    {
        ParseTree tree = context.Tree;
        int end = tree[index].End;
        int count = 0;
        bool isStar = false;
        for (int child = index + 1; child < end; child = tree[child].End)
        {
            bool isName = tree[child] is { Field: TreeField.Fields, Type: TreeNodeType.String };
            bool isLastStar = tree[child] is { Field: TreeField.Fields, Type: TreeNodeType.AStar } && tree[child].End == end;
            if (isStar || !(isName || isLastStar)) return ExpressionBuilder.Opaque(context, index);
            isStar = isLastStar;
            if (isName) count++;
        }

        var parts = new string[count];
        int part = index + 1;
        for (int i = 0; i < count; i++, part = tree[part].End) parts[i] = context.Text.StringValue(part);
        return new ColumnReference
        {
            Parts = System.Runtime.InteropServices.ImmutableCollectionsMarshal.AsImmutableArray(parts),
            IsStar = isStar,
            Position = context.Position(index),
        };
    }

    /// <summary>(value).f[1].* is a chain: each step selects from what stands left of it.</summary>
    public static Expression Indirection(ref BuildContext context, int index)
    {
        if (context.HoldsOther(index, OfIndirection)) return ExpressionBuilder.Opaque(context, index);
        Expression value = ExpressionBuilder.Required(ref context, index, TreeField.Arg);
        for (int step = context.Child(index, TreeField.Indirection); step >= 0;
            step = context.Next(index, context.Tree[step].End, TreeField.Indirection))
        {
            value = context.TypeOf(step) switch
            {
                TreeNodeType.String => new FieldSelection { Argument = value, Field = context.Text.StringValue(step), Position = value.Position },
                TreeNodeType.AStar => new FieldSelection { Argument = value, Position = value.Position },
                TreeNodeType.AIndices when !context.HoldsOther(step, OfSubscript) => new Subscript
                {
                    Argument = value,
                    Indices = Bounds(ref context, step),
                    Position = value.Position,
                },
                _ => ExpressionBuilder.Opaque(context, step),
            };
        }

        return value;
    }

    /// <summary>The subscripts in the path of an assignment's target; names of fields there say nothing that its column does not.</summary>
    public static void AddSubscripts(ref BuildContext context, int target, List<Expression> subscripts)
    {
        for (int step = context.Child(target, TreeField.Indirection); step >= 0;
            step = context.Next(target, context.Tree[step].End, TreeField.Indirection))
        {
            if (context.TypeOf(step) == TreeNodeType.String) continue;
            if (context.TypeOf(step) != TreeNodeType.AIndices || context.HoldsOther(step, OfSubscript))
            {
                subscripts.Add(ExpressionBuilder.Opaque(context, step));
                continue;
            }

            subscripts.AddRange(Bounds(ref context, step));
        }
    }

    /// <summary>[i] has one, [i:j] two, and either may be left out of a slice.</summary>
    private static System.Collections.Immutable.ImmutableArray<Expression> Bounds(ref BuildContext context, int subscript)
    {
        Expression? lower = ExpressionBuilder.Optional(ref context, subscript, TreeField.Lidx);
        Expression? upper = ExpressionBuilder.Optional(ref context, subscript, TreeField.Uidx);
        return (lower, upper) switch
        {
            (null, null) => [],
            (null, { }) => [upper],
            ({ }, null) => [lower],
            _ => [lower, upper],
        };
    }
}
