using System.Collections.Immutable;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.MySql.Reading;

/// <summary>What statements mention.</summary>
internal static class StatementMentions
{
    public static void Add(MentionCollector found, Statement statement)
    {
        switch (statement)
        {
            case QueryStatement query:
                QueryMentions.Add(found, query.Query, isStored: false, storesConditions: false);
                break;
            case InsertStatement insert:
                Insert(found, insert);
                break;
            case UpdateStatement update:
                QueryMentions.With(found, update.With, isStored: true);
                Table(found, update.Target, isWritten: true);
                Assignments(found, update.Assignments);
                ExpressionMentions.Add(found, update.Where, isStored: false);
                ExpressionMentions.Add(found, update.OrderBy, isStored: false);
                ExpressionMentions.Add(found, update.Limit, isStored: false);
                break;
            case UpdateJoinStatement update:
                Update(found, update);
                break;
            case DeleteStatement delete:
                QueryMentions.With(found, delete.With, isStored: false);
                Table(found, delete.Target, isWritten: true);
                ExpressionMentions.Add(found, delete.Where, isStored: false);
                ExpressionMentions.Add(found, delete.OrderBy, isStored: false);
                ExpressionMentions.Add(found, delete.Limit, isStored: false);
                Returning(found, delete.Returning);
                break;
            case DeleteJoinStatement delete:
                Delete(found, delete);
                break;
            default:
                Other(found, statement);
                break;
        }
    }

    private static void Other(MentionCollector found, Statement statement)
    {
        switch (statement)
        {
            case ExplainStatement explain:
                if (explain.Inner is { } explained) Add(found, explained);
                break;
            case CreateTableAsStatement create:
                if (create.Inner is QueryStatement { Query: var stored }) QueryMentions.Add(found, stored, isStored: true, storesConditions: false);
                break;
            case CreateViewStatement view:
                QueryMentions.Add(found, view.Query, isStored: false, storesConditions: false);
                found.Relation(view.Name, isWritten: true);
                if (!view.Columns.IsEmpty) found.AnyColumn(isStored: false);
                break;
            case ExecuteStatement execute:
                ExpressionMentions.Add(found, execute.Arguments, isStored: true);
                break;
            case EvaluateStatement evaluate:
                ExpressionMentions.Add(found, evaluate.Expressions, isStored: true);
                break;
            case PrepareStatement or CreateTableStatement or DropRelationsStatement:
                break;
            default:
                found.Opaque($"the reader does not know {statement.GetType().Name}");
                break;
        }
    }

    private static void Insert(MentionCollector found, InsertStatement insert)
    {
        found.Relation(insert.Target.Name, isWritten: true);
        found.Names(insert.Columns, isStored: false);
        if (insert.Query is { } query) QueryMentions.Add(found, query, isStored: true, storesConditions: false);
        if (insert.OnConflict is { } conflict) Assignments(found, conflict.Assignments);
        Returning(found, insert.Returning);
    }

    /// <summary>Which of the tables change follows from the columns, which only the catalogue knows: all count as written.</summary>
    private static void Update(MentionCollector found, UpdateJoinStatement update)
    {
        QueryMentions.With(found, update.With, isStored: true);
        foreach (Source source in update.Sources)
        {
            QueryMentions.Add(found, source, isStored: true, storesConditions: false);
            Written(found, source);
        }

        Assignments(found, update.Assignments);
        ExpressionMentions.Add(found, update.Where, isStored: false);
        ExpressionMentions.Add(found, update.OrderBy, isStored: false);
        ExpressionMentions.Add(found, update.Limit, isStored: false);
    }

    private static void Delete(MentionCollector found, DeleteJoinStatement delete)
    {
        QueryMentions.With(found, delete.With, isStored: false);
        foreach (Source source in delete.Sources) QueryMentions.Add(found, source, isStored: false, storesConditions: false);
        foreach (TableSource target in delete.Targets)
        {
            bool isFound = false;
            foreach (Source source in delete.Sources) isFound |= WrittenAs(found, source, target.Name);
            if (!isFound) found.Relation(target.Name, isWritten: true);
        }

        ExpressionMentions.Add(found, delete.Where, isStored: false);
    }

    private static void Written(MentionCollector found, Source source)
    {
        if (source is TableSource table) found.Relation(table.Name, isWritten: true);
        if (source is not JoinSource join) return;
        Written(found, join.Left);
        Written(found, join.Right);
    }

    /// <summary>The table that a target means: by its alias, or by its name.</summary>
    private static bool WrittenAs(MentionCollector found, Source source, QualifiedName target)
    {
        switch (source)
        {
            case TableSource table when string.Equals(table.Alias ?? table.Name.Name, target.Name, StringComparison.OrdinalIgnoreCase):
                found.Relation(table.Name, isWritten: true);
                return true;
            case JoinSource join:
                bool isLeft = WrittenAs(found, join.Left, target);
                return WrittenAs(found, join.Right, target) || isLeft;
            default:
                return false;
        }
    }

    private static void Table(MentionCollector found, TableSource table, bool isWritten)
    {
        found.Relation(table.Name, isWritten);
        ExpressionMentions.Add(found, table.Period, isStored: false);
    }

    private static void Assignments(MentionCollector found, ImmutableArray<Assignment> assignments)
    {
        foreach (Assignment assignment in assignments)
        {
            found.Names(assignment.Columns, isStored: false);
            ExpressionMentions.Add(found, assignment.Value, isStored: true);
        }
    }

    private static void Returning(MentionCollector found, ImmutableArray<Target> targets)
    {
        foreach (Target target in targets) ExpressionMentions.Add(found, target.Value, isStored: false);
    }
}
