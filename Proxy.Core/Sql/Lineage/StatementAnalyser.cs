using Proxy.Core.Sql.Lineage.Binding;
using Proxy.Core.Sql.Lineage.MySql;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.Lineage;

/// <summary>The rows that a statement gives, whatever its kind.</summary>
internal sealed class StatementAnalyser(LineageRun run)
{
    /// <summary>What the client sees; null when there are no rows.</summary>
    public RowShape? Analyse(Statement statement)
    {
        switch (statement)
        {
            case QueryStatement { Query.Into: { } into } query:
                Into(into, run.Queries.Analyse(query.Query, null, null, isAnswer: true));
                return null;
            case QueryStatement query:
                return run.Queries.Analyse(query.Query, null, null, isAnswer: true);
            case EvaluateStatement evaluate:
                // What is computed is thrown away; what it does on the way, and whether it fails, is not.
                run.Expressions.ValuesOf(evaluate.Expressions, Place.Nowhere);
                return null;
            case ExplainStatement explain:
                return Explain(explain);
            case CopyStatement copy:
                return Copy(copy);
            case DeclareCursorStatement cursor:
                return run.Queries.Analyse(cursor.Query, null, null, isAnswer: true);
            case PrepareStatement { Inner: { } inner }:
                return Analyse(inner);
            case CreateTableAsStatement { Inner: { } inner } create:
                run.WarningsFail = run.IsMySql;
                return Analyse(inner) is { } stored ? Stored(stored).Renamed(create.Columns) : Unknown("CREATE TABLE AS of something else than a query");
            case CreateViewStatement view:
                return run.Queries.Analyse(view.Query, null, null).Renamed(view.Columns);
            case ExecuteStatement execute:
                // The statement was judged with parameters that the client knows.
                run.Collector.Export(ExpressionAnalyser.All(run.Expressions.ValuesOf(execute.Arguments, Place.Nowhere)), "a parameter of EXECUTE would hold PHI");
                return null;
            case ConstrainStatement constrain:
                run.Definitions.Constrain(constrain);
                return null;
            case CreateTableStatement { PartOf: { } whole }:
                run.Constraints.Divided(run.Sources.Relation(whole));
                return null;
            case CreateTableStatement or DropRelationsStatement:
                return null;
            default:
                return Rows(statement, null, null);
        }
    }

    /// <summary>The rows of a statement that can stand in WITH.</summary>
    public RowShape? Rows(Statement statement, Scope? outer, CommonTables? tables)
    {
        run.Step();
        run.WarningsFail |= run.IsMySql && statement is not QueryStatement;
        return statement switch
        {
            QueryStatement query => run.Queries.Analyse(query.Query, outer, tables),
            InsertStatement insert => run.Changes.Insert(insert, outer, tables),
            UpdateStatement update => run.Changes.Update(update, outer, tables),
            DeleteStatement delete => run.Changes.Delete(delete, outer, tables),
            MergeStatement merge => run.Changes.Merge(merge, outer, tables),
            UpdateJoinStatement update => run.JoinChanges.Update(update, outer, tables),
            DeleteJoinStatement delete => run.JoinChanges.Delete(delete, outer, tables),
            _ => Unknown($"a statement that is not followed ({statement.GetType().Name})"),
        };
    }

    /// <summary>The rows of a function's body. It sees its arguments, by number and by name, and nothing of the statement around the call.</summary>
    public RowShape Body(FunctionBody body, List<Flow> arguments)
    {
        var (outerArguments, outerDepth, outerSchema) = (run.Arguments, run.FunctionDepth, run.BodySchema);
        run.Arguments = [.. arguments];
        run.BodySchema = run.IsMySql ? body.Function.Schema : null;
        run.FunctionDepth++;
        try
        {
            var named = new RangeTable();
            named.Add(new RangeEntry
            {
                Name = body.Function.Name,
                Shape = new RowShape([.. body.ArgumentNames.Take(arguments.Count).Select((name, i) => new NamedFlow(name, arguments[i]))]),
            });
            RowShape? rows = null;
            foreach (var statement in body.Statements)
                rows = statement.Syntax is { } syntax ? Rows(syntax, new Scope(null, named), null) : Unknown($"the body of {body.Function}");
            if (body.ReturnsNothing || rows is null)
                return new RowShape([new NamedFlow(body.Function.Name, Flow.Constant)]);
            var shape = rows.Renamed(body.ColumnNames);
            run.Collector.FollowsPhi |= shape.Whole().IsPhi;
            return shape is { IsOpen: false, Columns: [var only] } && body.ColumnNames.IsEmpty
                ? new RowShape([only with { Name = body.Function.Name }])
                : shape;
        }
        finally
        {
            run.Arguments = outerArguments;
            run.FunctionDepth = outerDepth;
            run.BodySchema = outerSchema;
        }
    }

    /// <summary>A plan shows no row. What it tells of rows, by estimates or by counting, is what the conditions tell; those are noted.</summary>
    private RowShape Explain(ExplainStatement explain)
    {
        if (explain.Inner is not { } inner)
            return Unknown("EXPLAIN of something that is not followed");
        Analyse(inner);
        // A function that is called immutable is computed while planning, and the plan shows what it gave. MySQL reads the row of a whole key while
        // planning, and shows its values in the plan's conditions.
        return new RowShape([], run.Collector.FollowsPhi || (run.IsMySql && run.Collector.ReadsPhi) ? Flow.Opaque : Flow.Constant with { Part = run.Collector.ReadsPhi ? ValuePart.Plan : ValuePart.None });
    }

    /// <summary>
    /// What is computed from PHI and kept is a column of its own afterwards: a whole value, which IS NULL, equality and sizes ask what they like. So
    /// storing it decides, as INSERT and UPDATE do; only whole values may be kept.
    /// </summary>
    private RowShape Stored(RowShape rows)
    {
        foreach (var (_, flow) in rows.Columns)
            if (!flow.IsWholePhi || flow.TellsByNull)
                run.Conditions.Other(flow, position: -1);
        if (rows.Rest is { } rest)
            run.Conditions.Other(rest, position: -1);
        return rows;
    }

    /// <summary>A variable keeps what every later statement can read; a file is read by whoever may.</summary>
    private void Into(IntoClause into, RowShape rows)
    {
        var stored = rows.Whole() with { Row = null };
        if (into.IsFile)
            run.Collector.Export(stored, "a file of the server would hold PHI");
        else
            MySqlVariables.Store(stored, run.Collector);
    }

    private RowShape? Copy(CopyStatement copy)
    {
        if (copy.Inner is { } inner)
            return Analyse(inner);
        if (copy.Table is not { } table)
            return Unknown("COPY of something that is not followed");
        var target = run.Sources.Relation(table);
        if (copy.IsFrom)
        {
            var names = copy.Columns.IsEmpty ? target.Shape.Columns.Select(static column => column.Name) : copy.Columns;
            run.TakesData = true;
            run.Changes.Add(target, copy.Columns, new RowShape([.. names.Select(static name => new NamedFlow(name, Flow.ClientValue))]), []);
            run.Conditions.Decide(copy.Where, At(target));
            return null;
        }
        run.Constraints.Chosen(target);
        if (copy.Columns.IsEmpty)
        {
            target.ReadAll(run.Collector);
            return target.Shape;
        }
        return run.Queries.Targets([.. copy.Columns.Select(static name => new Target { Value = new ColumnReference { Parts = [name] } })], At(target));
    }

    private static Place At(RangeEntry entry)
    {
        var range = new RangeTable();
        range.Add(entry);
        return new Place(new Scope(null, range), null);
    }

    private RowShape Unknown(string because)
    {
        run.Collector.Opaque(because);
        return RowShape.Unknown;
    }
}
