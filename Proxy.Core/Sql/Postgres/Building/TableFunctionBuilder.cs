using System.Collections.Immutable;
using Proxy.Core.Sql.Postgres.Tree;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.Postgres.Building;

/// <summary>XMLTABLE and JSON_TABLE.</summary>
internal static class TableFunctionBuilder
{
    public static Source Build(ref BuildContext context, int index)
    {
        if (!ContainedExpressions.TryBuild(ref context, index, out ImmutableArray<Expression> inputs)) return SourceBuilder.Opaque(context, index);
        List<string> columns = [];
        bool isXml = context.TypeOf(index) == TreeNodeType.RangeTableFunc;
        if (isXml) AddXmlColumns(context, index, columns);
        else if (!TryAddJsonColumns(ref context, index, columns)) return SourceBuilder.Opaque(context, index);
        return new TableFunctionSource
        {
            Inputs = inputs,
            Columns = [.. columns],
            // The server's names for those that are given none.
            Alias = SourceBuilder.AliasOf(context, index) ?? (isXml ? "xmltable" : "json_table"),
            ColumnAliases = SourceBuilder.ColumnAliasesOf(ref context, index),
            Position = context.Position(index),
        };
    }

    private static void AddXmlColumns(in BuildContext context, int table, List<string> columns)
    {
        for (int column = context.Child(table, TreeField.Columns); column >= 0;
            column = context.Next(table, context.Tree[column].End, TreeField.Columns))
        {
            columns.Add(context.Text.NameOf(column, TreeField.Colname) ?? "");
        }
    }

    /// <summary>Columns of NESTED PATH come behind the plain ones of the level that they stand in [ran].</summary>
    private static bool TryAddJsonColumns(ref BuildContext context, int parent, List<string> columns)
    {
        if (!context.TryEnter()) return false;
        bool hasNested = false;
        for (int column = context.Child(parent, TreeField.Columns); column >= 0;
            column = context.Next(parent, context.Tree[column].End, TreeField.Columns))
        {
            if (IsNested(context, column)) hasNested = true;
            else columns.Add(context.Text.NameOf(column, TreeField.Name) ?? "");
        }

        for (int column = context.Child(parent, TreeField.Columns); hasNested && column >= 0;
            column = context.Next(parent, context.Tree[column].End, TreeField.Columns))
        {
            if (IsNested(context, column) && !TryAddJsonColumns(ref context, column, columns)) return false;
        }

        context.Leave();
        return true;
    }

    private static bool IsNested(in BuildContext context, int column) => context.Is(column, TreeField.Coltype, "JTC_NESTED"u8);
}
