using System.Collections.Immutable;
using Proxy.Core.Sql.Postgres.Tree;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.Postgres.Building;

/// <summary>SET lists, and the column lists of INSERT, whose entries are the same node.</summary>
internal static class AssignmentBuilder
{
    private static readonly FieldSet OfTarget = new(TreeField.Indirection, TreeField.Val);
    private static readonly FieldSet OfMultiple = new(TreeField.Source);

    public static ImmutableArray<Assignment> List(ref BuildContext context, int parent, TreeField field)
    {
        var assignments = ImmutableArray.CreateBuilder<Assignment>();
        for (int target = context.Child(parent, field); target >= 0;)
        {
            int columns = ColumnsOf(context, target);
            assignments.Add(Build(ref context, parent, field, target, columns));
            for (; columns > 0 && target >= 0; columns--) target = context.Next(parent, context.Tree[target].End, field);
        }

        return assignments.DrainToImmutable();
    }

    /// <summary>A list of columns without values. Subscripts in it are expressions all the same.</summary>
    public static (ImmutableArray<string> Columns, ImmutableArray<Expression> Subscripts) Columns(ref BuildContext context, int parent, TreeField field)
    {
        ImmutableArray<string> columns = NodeList.Build(ref context, parent, field, ColumnName);
        List<Expression>? subscripts = null;
        for (int target = context.Child(parent, field); target >= 0; target = context.Next(parent, context.Tree[target].End, field))
        {
            if (context.Has(target, TreeField.Indirection)) ReferenceBuilder.AddSubscripts(ref context, target, subscripts ??= []);
            if (context.Has(target, TreeField.Val) || context.HoldsOther(target, OfTarget)) (subscripts ??= []).Add(ExpressionBuilder.Opaque(context, target));
        }

        return (columns, subscripts is null ? [] : [.. subscripts]);
    }

    private static string ColumnName(ref BuildContext context, int index) => context.Text.NameOf(index, TreeField.Name) ?? "";

    /// <summary>How many entries make up one assignment: (a, b) = … is written as one entry for each column, with the same right side.</summary>
    private static int ColumnsOf(in BuildContext context, int target)
    {
        int value = context.Child(target, TreeField.Val);
        if (value < 0 || context.TypeOf(value) != TreeNodeType.MultiAssignRef) return 1;
        return Math.Max(1, context.Number(value, TreeField.Ncolumns));
    }

    private static Assignment Build(ref BuildContext context, int parent, TreeField field, int first, int count)
    {
        List<string> columns = [];
        List<Expression> subscripts = [];
        bool isKnown = true;
        int target = first;
        for (int i = 0; i < count && target >= 0; i++, target = context.Next(parent, context.Tree[target].End, field))
        {
            columns.Add(ColumnName(ref context, target));
            ReferenceBuilder.AddSubscripts(ref context, target, subscripts);
            isKnown &= !context.HoldsOther(target, OfTarget);
        }

        return new Assignment
        {
            Columns = [.. columns],
            Subscripts = [.. subscripts],
            Value = isKnown ? Value(ref context, first, count) : ExpressionBuilder.Opaque(context, first),
            Position = context.Position(first),
        };
    }

    private static Expression Value(ref BuildContext context, int target, int columns)
    {
        int value = context.Child(target, TreeField.Val);
        if (value < 0) return ExpressionBuilder.Opaque(context, target);
        if (context.TypeOf(value) != TreeNodeType.MultiAssignRef) return ExpressionBuilder.Build(ref context, value);
        int source = context.Child(value, TreeField.Source);
        if (source < 0 || context.HoldsOther(value, OfMultiple)) return ExpressionBuilder.Opaque(context, value);
        if (columns == 1) return ValueOfOne(ref context, source);
        return context.TypeOf(source) == TreeNodeType.SubLink
            ? SubqueryBuilder.BuildRow(ref context, source)
            : ExpressionBuilder.Build(ref context, source);
    }

    /// <summary>(a) = ROW(b) is a = b: what a row of one has in it, unless that is a star.</summary>
    private static Expression ValueOfOne(ref BuildContext context, int source)
    {
        Expression value = ExpressionBuilder.Build(ref context, source);
        return value is Construction { Kind: ConstructionKind.Row, Arguments: [not ColumnReference { IsStar: true } and var only] } ? only : value;
    }
}
