using Proxy.Core.Sql.Postgres.Tree;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.Postgres.Building;

/// <summary>Calls in FROM.</summary>
internal static class FunctionSourceBuilder
{
    private static readonly FieldSet OfFunction = new(TreeField.Functions, TreeField.Alias, TreeField.Coldeflist);
    private static readonly FieldSet OfList = new(TreeField.Items);

    public static Source Build(ref BuildContext context, int index)
    {
        if (context.HoldsOther(index, OfFunction)) return SourceBuilder.Opaque(context, index);
        int definitions = -1;
        int count = 0;
        for (int item = context.Child(index, TreeField.Functions); item >= 0;
            item = context.Next(index, context.Tree[item].End, TreeField.Functions), count++)
        {
            if (!TryReadFunction(context, item, out int columns)) return SourceBuilder.Opaque(context, index);
            if (columns >= 0) definitions = columns;
        }

        // In ROWS FROM with several calls, a list of columns belongs to one of them, and what the others return is not known here.
        if (definitions >= 0 && count > 1) return SourceBuilder.Opaque(context, index);
        return new FunctionSource
        {
            Calls = NodeList.Build(ref context, index, TreeField.Functions, BuildCall),
            DefinedColumns = definitions >= 0
                ? NodeList.Build(ref context, definitions, TreeField.Items, ColumnName)
                : NodeList.Build(ref context, index, TreeField.Coldeflist, ColumnName),
            HasOrdinality = context.Has(index, TreeField.Ordinality),
            Alias = SourceBuilder.AliasOf(context, index),
            ColumnAliases = SourceBuilder.ColumnAliasesOf(ref context, index),
        };
    }

    /// <summary>Each is a list of the call and, perhaps, a list of column definitions.</summary>
    private static bool TryReadFunction(in BuildContext context, int item, out int columns)
    {
        columns = -1;
        int call = item + 1;
        int end = context.Tree[item].End;
        if (context.TypeOf(item) != TreeNodeType.List || call >= end || context.HoldsOther(item, OfList)) return false;
        int second = context.Tree[call].End;
        if (second >= end) return true;
        columns = second;
        return context.TypeOf(second) == TreeNodeType.List && context.Tree[second].End == end;
    }

    private static Expression BuildCall(ref BuildContext context, int item) => ExpressionBuilder.Build(ref context, item + 1);

    private static string ColumnName(ref BuildContext context, int index) => context.Text.NameOf(index, TreeField.Colname) ?? "";
}
