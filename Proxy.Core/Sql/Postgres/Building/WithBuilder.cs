using System.Collections.Immutable;
using Proxy.Core.Sql.Postgres.Tree;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.Postgres.Building;

/// <summary>WITH and its common tables.</summary>
internal static class WithBuilder
{
    private static readonly FieldSet OfWith = new(TreeField.Ctes);

    private static readonly FieldSet OfTable =
        new(TreeField.Aliascolnames, TreeField.Ctequery, TreeField.SearchClause, TreeField.CycleClause);

    private static readonly FieldSet OfSearch = new(TreeField.SearchColList);
    private static readonly FieldSet OfCycle = new(TreeField.CycleColList, TreeField.CycleMarkValue, TreeField.CycleMarkDefault);

    /// <summary>The WITH clause of a query or statement, or null where there is none.</summary>
    public static WithClause? Optional(ref BuildContext context, int parent)
    {
        int with = context.Child(parent, TreeField.WithClause);
        if (with < 0) return null;
        if (context.HoldsOther(with, OfWith)) return new WithClause { Tables = [BuildTable(ref context, with)] };
        return new WithClause
        {
            IsRecursive = context.Has(with, TreeField.Recursive),
            Tables = NodeList.Build(ref context, with, TreeField.Ctes, BuildTable),
            Position = context.Position(with),
        };
    }

    private static CommonTable BuildTable(ref BuildContext context, int index) => new()
    {
        Name = context.Text.NameOf(index, TreeField.Ctename) ?? "",
        ColumnNames = NodeList.Names(ref context, index, TreeField.Aliascolnames),
        Body = BuildBody(ref context, index),
        Appended = BuildAppended(ref context, index),
        Position = context.Position(index),
    };

    private static Statement BuildBody(ref BuildContext context, int index)
    {
        int query = context.Child(index, TreeField.Ctequery);
        bool isKnown = query >= 0 && context.TypeOf(index) == TreeNodeType.CommonTableExpr && !context.HoldsOther(index, OfTable);
        if (!isKnown) return new QueryStatement { Query = QueryBuilder.Opaque(context, index) };
        if (context.TypeOf(query) == TreeNodeType.SelectStmt) return new QueryStatement { Query = QueryBuilder.Build(ref context, query) };
        return StatementBuilder.BuildChange(ref context, query) ?? new QueryStatement { Query = QueryBuilder.Opaque(context, query) };
    }

    /// <summary>In the order in which the server appends them.</summary>
    private static ImmutableArray<AppendedColumn> BuildAppended(ref BuildContext context, int table)
    {
        int search = context.Child(table, TreeField.SearchClause);
        int cycle = context.Child(table, TreeField.CycleClause);
        if (search < 0 && cycle < 0) return [];
        var columns = ImmutableArray.CreateBuilder<AppendedColumn>();
        if (search >= 0)
        {
            columns.Add(new AppendedColumn
            {
                Name = context.Text.NameOf(search, TreeField.SearchSeqColumn) ?? "",
                From = NodeList.Names(ref context, search, TreeField.SearchColList),
                Values = context.HoldsOther(search, OfSearch) ? [ExpressionBuilder.Opaque(context, search)] : [],
                Position = context.Position(search),
            });
        }

        if (cycle >= 0) AddCycle(ref context, cycle, columns);
        return columns.ToImmutable();
    }

    private static void AddCycle(ref BuildContext context, int cycle, ImmutableArray<AppendedColumn>.Builder columns)
    {
        ImmutableArray<string> from = NodeList.Names(ref context, cycle, TreeField.CycleColList);
        Expression mark = ExpressionBuilder.Required(ref context, cycle, TreeField.CycleMarkValue);
        Expression otherwise = ExpressionBuilder.Required(ref context, cycle, TreeField.CycleMarkDefault);
        columns.Add(new AppendedColumn
        {
            Name = context.Text.NameOf(cycle, TreeField.CycleMarkColumn) ?? "",
            From = from,
            Decides = true,
            Values = context.HoldsOther(cycle, OfCycle) ? [ExpressionBuilder.Opaque(context, cycle)] : [mark, otherwise],
            Position = context.Position(cycle),
        });
        columns.Add(new AppendedColumn
        {
            Name = context.Text.NameOf(cycle, TreeField.CyclePathColumn) ?? "",
            From = from,
            Decides = true,
            Position = context.Position(cycle),
        });
    }
}
