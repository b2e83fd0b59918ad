using System.Collections.Immutable;
using Proxy.Core.Catalogue;
using Proxy.Core.Sql.Lineage.Binding;
using Proxy.Core.Sql.Lineage.MySql;
using Proxy.Core.Sql.Lineage.RowOrder;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.Lineage;

/// <summary>What INSERT, UPDATE, DELETE and MERGE store, by what they choose rows, and what they return.</summary>
internal sealed class ChangeAnalyser(LineageRun run)
{
    public RowShape? Insert(InsertStatement insert, Scope? outer, CommonTables? tables)
    {
        var common = insert.With is { } with ? run.Queries.Common(with, outer, tables) : tables;
        var target = run.Sources.Relation(insert.Target);
        var values = insert.Query is { } query ? run.Queries.Analyse(query, outer, common) : null;
        run.Collector.Scans.IsStored |= insert.Query is not (null or ValuesQuery);
        Add(target, insert.Columns, values, RowsOf(insert.Query));
        Index(insert.Subscripts, new Place(outer, common));
        if (insert.Query is ValuesQuery rows)
            foreach (var row in rows.Rows)
                UseEach(target, insert.Columns, row, ValueUseKind.Inserted);
        // INSERT … SELECT $1, …: a list of expressions without FROM is the same as VALUES.
        else if (insert.Query is SelectQuery select)
            UseTargets(target, insert.Columns, [.. select.Targets.Select(static written => written.Value)]);
        if (insert.OnConflict is { } conflict)
            OnConflict(conflict, target, values, outer, common, insert.RowAlias, insert.RowColumnAliases);
        else if (insert.IsReplacing || insert.IgnoresErrors)
            // The number of rows says whether one with such values was there.
            foreach (var (_, flow) in target.Shape.Columns)
                Arbitrate(flow, values, insert.Position);
        return Returned(insert.Returning, target, Ranged(target, [], outer, common), (insert.OldAlias, insert.NewAlias), outer, common);
    }

    public RowShape? Update(UpdateStatement update, Scope? outer, CommonTables? tables)
    {
        var common = update.With is { } with ? run.Queries.Common(with, outer, tables) : tables;
        var since = run.Collector.Scans.Mark.Reads;
        var target = run.Sources.Relation(update.Target);
        var range = Ranged(target, update.From, outer, common);
        var place = new Place(new Scope(outer, range), common);
        run.Sources.Scan(target, update.Target);
        // PostgreSQL stores a changed row anew, behind the others.
        run.Collector.Scans.IsStored |= !run.IsMySql;
        Assign(update.Assignments, target, place);
        run.Constraints.Chosen(target);
        Restrict(update.Where, place, since);
        Chosen(update.OrderBy, update.Limit, place);
        return Returned(update.Returning, target, range, (update.OldAlias, update.NewAlias), outer, common);
    }

    public RowShape? Delete(DeleteStatement delete, Scope? outer, CommonTables? tables)
    {
        var common = delete.With is { } with ? run.Queries.Common(with, outer, tables) : tables;
        var since = run.Collector.Scans.Mark.Reads;
        var target = run.Sources.Relation(delete.Target);
        var range = Ranged(target, delete.Using, outer, common);
        run.Sources.Scan(target, delete.Target);
        run.Constraints.Chosen(target);
        foreach (var relation in target.Relations)
            run.Constraints.Removed(relation);
        var place = new Place(new Scope(outer, range), common);
        Restrict(delete.Where, place, since);
        Chosen(delete.OrderBy, delete.Limit, place);
        return Returned(delete.Returning, target, range, (delete.OldAlias, delete.NewAlias), outer, common);
    }

    public RowShape? Merge(MergeStatement merge, Scope? outer, CommonTables? tables)
    {
        var common = merge.With is { } with ? run.Queries.Common(with, outer, tables) : tables;
        var target = run.Sources.Relation(merge.Target);
        var range = Ranged(target, [merge.Source], outer, common);
        var place = new Place(new Scope(outer, range), common);
        run.Sources.Scan(target, merge.Target);
        run.Constraints.Chosen(target);
        run.Conditions.Decide(merge.On, place);
        foreach (var arm in merge.Arms)
        {
            run.Conditions.Decide(arm.Condition, place);
            Assign(arm.Assignments, target, place);
            if (arm.Action is MergeAction.Delete)
                foreach (var relation in target.Relations)
                    run.Constraints.Removed(relation);
            run.Collector.Scans.IsStored |= arm.Action is MergeAction.Insert or MergeAction.Update;
            if (arm.Action is not MergeAction.Insert || arm.Values.IsEmpty)
                continue;
            var values = new RowShape([.. arm.Values.Select(value => new NamedFlow("", run.Expressions.Value(value, place)))]);
            Add(target, arm.Columns, values, [arm.Values]);
            Index(arm.Subscripts, place);
            UseEach(target, arm.Columns, arm.Values, ValueUseKind.Inserted);
        }
        return Returned(merge.Returning, target, range, (merge.OldAlias, merge.NewAlias), outer, common);
    }

    /// <summary>Rows are added to a relation: by its columns in order, or by those that are named.</summary>
    /// <param name="target">Where to.</param>
    /// <param name="columns">By name; empty for all in order.</param>
    /// <param name="values">What flows in; null for defaults alone.</param>
    /// <param name="rows">The rows' expressions, where the statement spells them out.</param>
    public void Add(RangeEntry target, ImmutableArray<string> columns, RowShape? values, ImmutableArray<ImmutableArray<Expression>> rows)
    {
        Store(target, columns, values);
        foreach (var relation in target.Relations)
            run.Constraints.Added(relation, WrittenRow.Added(relation, columns, values, rows));
    }

    private static ImmutableArray<ImmutableArray<Expression>> RowsOf(Query? query) => query switch
    {
        ValuesQuery values => values.Rows,
        // INSERT … SELECT $1, …: a list of expressions without FROM is the same as VALUES.
        SelectQuery { From.IsEmpty: true } select => [[.. select.Targets.Select(static target => target.Value)]],
        _ => [],
    };

    private void Store(RangeEntry target, ImmutableArray<string> columns, RowShape? values)
    {
        if (values is null)
            return;
        if (values.IsOpen)
        {
            var whole = values.Whole() with { Row = null };
            foreach (var relation in target.Relations)
                Write(new ColumnWrite(relation, null, whole, ReplacesValue: false));
            return;
        }
        for (var i = 0; i < values.Columns.Length; i++)
            foreach (var relation in target.Relations)
                Write(new ColumnWrite(relation, ColumnAt(relation, columns, i), values.Columns[i].Flow, ReplacesValue: false));
    }

    /// <summary>Whether a computed value violates a constraint tells what it was computed from.</summary>
    private void Write(ColumnWrite write)
    {
        run.Collector.Write(write);
        if (!write.Value.IsWholePhi || write.Value.TellsByNull || (run.IsMySql && !MySqlComparisons.IsStoredWhole(write)))
            run.Conditions.Other(write.Value, position: -1);
        // Beside copies in a table of its own a session could put guesses without number, and ask where in the order each stands, or join them with other rows.
        if (write.Relation.Oid == 0)
            foreach (var column in write.Column is { } known ? [known] : write.Relation.Columns)
                if (column.IsPhi && !(write.Value is { IsWholePhi: true, TellsByNull: false } && write.Value.Sources.PhiClass() == column.Class))
                    run.Conditions.Other(Flow.Of(new ColumnSource(write.Relation, column)), position: -1);
    }

    /// <summary>ORDER BY and LIMIT of a change: which rows it is for.</summary>
    internal void Chosen(ImmutableArray<Expression> orderBy, Expression? limit, Place place)
    {
        var order = run.Expressions.ValuesOf(orderBy, place);
        for (var i = 0; i < order.Count; i++)
            run.Conditions.Other(order[i], orderBy[i].Position);
        run.Conditions.Other(run.Expressions.Value(limit, place), position: -1);
        if (limit is not null)
            run.Collector.Scans.Chooses(ScanNotes.ColumnsOf(order));
    }

    /// <summary>No row is changed that does not fulfil it: what it says of the order of rows holds for what was read since.</summary>
    private void Restrict(Expression? where, Place place, int since)
    {
        var scans = run.Collector.Scans;
        var level = scans.Level;
        scans.Level = since;
        run.Conditions.Decide(where, place, isCertain: true);
        scans.Level = level;
    }

    /// <summary>Where in an array a value is stored tells what the subscript was made of.</summary>
    private void Index(ImmutableArray<Expression> subscripts, Place place)
    {
        foreach (var subscript in subscripts)
            run.Conditions.Other(run.Expressions.Value(subscript, place), subscript.Position);
    }

    internal static CatalogueColumn? ColumnAt(CatalogueRelation relation, ImmutableArray<string> columns, int place) =>
        columns.IsDefaultOrEmpty
            ? place < relation.Columns.Length ? relation.Columns[place] : null
            : place < columns.Length ? relation.Column(columns[place]) : null;

    private RangeTable Ranged(RangeEntry target, ImmutableArray<Source> sources, Scope? outer, CommonTables? tables)
    {
        var range = new RangeTable();
        range.Add(target);
        foreach (var source in sources)
            range.Append(run.Sources.Range(source, outer, tables, range));
        return range;
    }

    internal void Assign(ImmutableArray<Assignment> assignments, RangeEntry target, Place place)
    {
        var rows = target.Relations.ToDictionary(static relation => relation, static _ => new WrittenRow());
        foreach (var assignment in assignments)
        {
            var value = run.Expressions.Value(assignment.Value, place);
            foreach (var subscript in assignment.Subscripts)
                value = value.With(run.Expressions.Value(subscript, place));
            for (var i = 0; i < assignment.Columns.Length; i++)
            {
                var name = assignment.Columns[i];
                if (!target.Relations.IsEmpty && target.Relations.All(relation => relation.Column(name) is null))
                    run.Collector.Unresolved($"{name} is not a column of {target.Name}");
                var part = assignment.Columns.Length > 1 && value.Row is { IsOpen: false } row && i < row.Columns.Length ? row.Columns[i].Flow : value;
                foreach (var relation in target.Relations)
                {
                    var column = relation.Column(assignment.Columns[i]);
                    Write(new ColumnWrite(relation, column, part, ReplacesValue: true));
                    if (column is not null)
                        rows[relation].Set(column.Number, WrittenValue.Of(part, assignment.Subscripts.IsEmpty ? [Part(assignment, i)] : []));
                    if (column is not { IsPhi: true })
                        continue;
                    // A part is put into the document or array that is there: whether it fits tells of what kind that is.
                    if (!assignment.Subscripts.IsEmpty)
                        run.Conditions.Other(Flow.Of(new ColumnSource(relation, column)), assignment.Value.Position);
                    Use(Part(assignment, i), new ColumnSource(relation, column), ValueUseKind.Replacing);
                    // MySQL counts a row as affected only if it changed: whether it held that value already.
                    if (run.IsMySql)
                        run.Collector.Condition(
                            part.IsClientValue || assignment.Value is Call { Function: { Schema: null, Name: "values" } } ? ConditionForm.Equality : ConditionForm.Other, Flow.Of(new ColumnSource(relation, column)), assignment.Value.Position);
                }
            }
        }
        foreach (var (relation, row) in rows)
            run.Constraints.Changed(relation, row);
    }

    private static Expression Part(Assignment assignment, int place) =>
        assignment is { Columns.Length: > 1, Value: Construction { Kind: ConstructionKind.Row } row } && place < row.Arguments.Length
            ? row.Arguments[place]
            : assignment.Value;

    private void UseEach(RangeEntry target, ImmutableArray<string> columns, ImmutableArray<Expression> values, ValueUseKind kind)
    {
        for (var i = 0; i < values.Length; i++)
            foreach (var relation in target.Relations)
                if (ColumnAt(relation, columns, i) is { IsPhi: true } column)
                    Use(values[i], new ColumnSource(relation, column), kind);
    }

    /// <summary>Behind a star the places are not known: a value may go into any column.</summary>
    private void UseTargets(RangeEntry target, ImmutableArray<string> columns, ImmutableArray<Expression> values)
    {
        if (!values.Any(static value => value is ColumnReference { IsStar: true } or FieldSelection { Field: null }))
        {
            UseEach(target, columns, values, ValueUseKind.Inserted);
            return;
        }
        foreach (var value in values)
            foreach (var (_, flow) in target.Shape.Columns)
                run.Collector.Use(ExpressionAnalyser.Bare(value), flow, ValueUseKind.Inserted);
    }

    private void Use(Expression value, ColumnSource column, ValueUseKind kind) => run.Collector.Use(ExpressionAnalyser.Bare(value), column, kind);

    private void OnConflict(
        ConflictClause conflict, RangeEntry target, RowShape? values, Scope? outer, CommonTables? tables, string? rowAlias, ImmutableArray<string> rowColumns)
    {
        var place = new Place(new Scope(outer, Ranged(target, [], outer, tables)), tables);
        foreach (var arbiter in conflict.Arbiters)
            Arbitrate(run.Expressions.Value(arbiter, place), values, arbiter.Position);
        // Any key of the relation tells whether a row with such values is there, as it does without this clause; of a table elsewhere no key is known.
        if (conflict.Arbiters.IsEmpty && target.Relations.Any(static relation => relation.Kind is not (RelationKind.BaseTable or RelationKind.View)))
            foreach (var (_, flow) in target.Shape.Columns)
                Arbitrate(flow, values, conflict.Position);
        run.Conditions.Decide(conflict.ArbiterWhere, place);
        var range = new RangeTable();
        range.Add(target);
        range.Add(new RangeEntry { Name = rowAlias ?? "excluded", Shape = Excluded(target, values).Renamed(rowColumns) });
        var both = new Place(new Scope(outer, range), tables);
        Assign(conflict.Assignments, target, both);
        run.Conditions.Decide(conflict.Where, both);
    }

    private void Arbitrate(Flow column, RowShape? values, int position)
    {
        if (!column.IsPhi)
            return;
        var isKnown = values is null || (!values.IsOpen && values.Columns.All(static value => value.Flow.IsClientValue || !value.Flow.IsPhi));
        run.Collector.Condition(column.IsWholePhi && isKnown ? ConditionForm.Equality : ConditionForm.Other, column, position);
    }

    /// <summary>What was to be inserted. Defaults fill the rest; taking the columns' own flows as well costs only precision.</summary>
    private static RowShape Excluded(RangeEntry target, RowShape? values)
    {
        if (values is null)
            return target.Shape;
        var inserted = values.Whole() with { Row = null };
        return new RowShape([.. target.Shape.Columns.Select(column => column with { Flow = inserted.IsPhi ? column.Flow.Or(inserted) : column.Flow })], target.Shape.Rest);
    }

    /// <summary>The row before and the row after can be named apart since PostgreSQL 18; both are rows of the target.</summary>
    private RowShape? Returned(
        ImmutableArray<Target> returning, RangeEntry target, RangeTable range, (string? Old, string? New) aliases, Scope? outer, CommonTables? tables)
    {
        if (returning.IsEmpty)
            return null;
        foreach (var name in new[] { aliases.Old ?? "old", aliases.New ?? "new" })
            if (!range.Entries.Exists(entry => string.Equals(entry.Name, name, StringComparison.Ordinal)))
                range.Entries.Add(new RangeEntry { Name = name, Shape = target.Shape, Relations = target.Relations });
        return run.Queries.Targets(returning, new Place(new Scope(outer, range), tables));
    }
}
