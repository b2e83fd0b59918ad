using System.Collections.Immutable;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.MySql.Reading;

/// <summary>What queries and their sources mention.</summary>
internal static class QueryMentions
{
    public static void Add(MentionCollector found, Query query, bool isStored, bool storesConditions)
    {
        int mark = found.Mark();
        With(found, query.With, isStored);
        switch (query)
        {
            case SelectQuery select:
                Select(found, select, isStored || query.Into is not null, storesConditions);
                break;
            case SetOperationQuery operation:
                bool stores = isStored || query.Into is not null;
                Add(found, operation.Left, stores, storesConditions);
                Add(found, operation.Right, stores, storesConditions);
                break;
            case ValuesQuery values:
                foreach (ImmutableArray<Expression> row in values.Rows) ExpressionMentions.Add(found, row, isStored);
                break;
            default:
                found.Opaque($"the reader does not know {query.GetType().Name}");
                break;
        }

        ExpressionMentions.Add(found, query.OrderBy, storesConditions);
        ExpressionMentions.Add(found, query.Limit, storesConditions);
        ExpressionMentions.Add(found, query.Offset, storesConditions);
        if (query.Into is { IsFile: true }) found.Opaque("it writes a file of the server");
        found.Leave(mark);
    }

    public static void With(MentionCollector found, WithClause? with, bool isStored)
    {
        if (with is null) return;
        int before = found.Doubt(found.Mark());
        if (with.IsRecursive)
        {
            foreach (CommonTable table in with.Tables) found.Enter(table.Name);
        }

        foreach (CommonTable table in with.Tables)
        {
            if (table.Body is QueryStatement { Query: var query }) Add(found, query, isStored, isStored);
            else found.Opaque("a common table that is no query");
            if (!with.IsRecursive) found.Enter(table.Name);
        }

        found.Doubt(before);
    }

    private static void Select(MentionCollector found, SelectQuery select, bool isStored, bool storesConditions)
    {
        SelectQuery? around = found.Selecting;
        found.Selecting = select;
        foreach (Target target in select.Targets) ExpressionMentions.Add(found, target.Value, isStored);
        foreach (Source source in select.From) Add(found, source, isStored, storesConditions);
        ExpressionMentions.Add(found, select.Where, storesConditions);
        ExpressionMentions.Add(found, select.GroupBy, storesConditions);
        ExpressionMentions.Add(found, select.Having, storesConditions);
        foreach (Window window in select.Windows) ExpressionMentions.AddWindow(found, window, isStored);
        found.Selecting = around;
    }

    public static void Add(MentionCollector found, Source source, bool isStored, bool storesConditions)
    {
        switch (source)
        {
            case TableSource table:
                found.Relation(table.Name, isWritten: false);
                ExpressionMentions.Add(found, table.Period, storesConditions);
                break;
            case SubquerySource query:
                Add(found, query.Query, isStored, storesConditions);
                if (!query.ColumnAliases.IsEmpty) found.AnyColumn(isStored);
                break;
            case JoinSource join:
                Add(found, join.Left, isStored, storesConditions);
                Add(found, join.Right, isStored, storesConditions);
                ExpressionMentions.Add(found, join.On, storesConditions);
                found.Names(join.Using, storesConditions);
                if (join.IsNatural) found.AnyColumn(storesConditions);
                if (join.IsNatural || !join.Using.IsEmpty) found.Operator(new QualifiedName(null, "="));
                break;
            case TableFunctionSource function:
                ExpressionMentions.Add(found, function.Inputs, isStored);
                break;
            default:
                found.Opaque($"the reader does not know {source.GetType().Name}");
                break;
        }
    }
}
