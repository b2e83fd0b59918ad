using System.Collections.Immutable;
using Proxy.Core.Catalogue;
using Proxy.Core.Sql.Lineage.Binding;

namespace Proxy.Core.Sql.Lineage;

/// <summary>
/// What the failure of a write tells of rows that are there. A guess that is inserted into a unique column fails if and only if somebody has that
/// value, so keys, foreign keys and checks compare what is written as a condition does.
/// </summary>
internal sealed class ConstraintAnalyser(LineageRun run)
{
    /// <summary>What another server demands nobody knows: any column can be a key.</summary>
    private static readonly ImmutableArray<CatalogueConstraint> Elsewhere = [new CatalogueConstraint { Kind = ConstraintKind.Unknown, Columns = [0] }];

    /// <summary>A row is added.</summary>
    public void Added(CatalogueRelation relation, WrittenRow row)
    {
        foreach (var (table, values) in Tables(relation, row))
            foreach (var constraint in ConstraintsOf(table))
                switch (constraint.Kind)
                {
                    case ConstraintKind.Unique:
                        if (constraint.IsNullUnique || !HasNull(table, constraint.Columns, values))
                            Compare(table, constraint, values, isNew: true);
                        break;
                    case ConstraintKind.Bound when relation.Oid == table.Oid:
                        // Rows that are put into a partition by its own name are within its range, or fail.
                        foreach (var column in ColumnsOf(table, constraint.Computed))
                            if (values[column.Number] is { Flow: { IsPhi: true } placed })
                                run.Conditions.Other(placed, position: -1);
                        break;
                    case ConstraintKind.Check:
                        // A row of what the client says tells nothing, nor one that is here already; one that is moved here says what it is.
                        if (ColumnsOf(table, constraint.Computed).All(column => values[column.Number]?.Keeps(new ColumnSource(table, column)) is true))
                            break;
                        foreach (var column in ColumnsOf(table, constraint.Computed))
                            if (values[column.Number] is { Flow: { IsWholePhi: true } moved })
                                run.Conditions.Other(moved, position: -1);
                        break;
                    case ConstraintKind.References:
                        if (!HasNull(table, constraint.Columns, values))
                            LookUp(table, constraint, values);
                        break;
                    case ConstraintKind.Exclusion or ConstraintKind.Unknown:
                        Compare(table, constraint, values, isNew: true);
                        break;
                }
    }

    /// <summary>A row that is there gets other values.</summary>
    public void Changed(CatalogueRelation relation, WrittenRow row)
    {
        if (row.IsEmpty)
            return;
        foreach (var (table, values) in Tables(relation, row))
            foreach (var constraint in ConstraintsOf(table))
            {
                if (constraint.Kind is ConstraintKind.Bound or ConstraintKind.Remainder || !Changes(table, constraint, values))
                    continue;
                if (constraint.Kind is ConstraintKind.Referenced)
                    FollowReferences(table, constraint);
                else if (constraint.Kind is ConstraintKind.References)
                    LookUp(table, constraint, values);
                else if (constraint.Kind is ConstraintKind.Check)
                    foreach (var column in ColumnsOf(table, constraint.Computed))
                        run.Conditions.Other(values[column.Number]?.Flow ?? Flow.Of(new ColumnSource(table, column)), position: -1);
                else
                    Compare(table, constraint, values, isNew: false);
            }
    }

    /// <summary>A row goes.</summary>
    public void Removed(CatalogueRelation relation)
    {
        foreach (var (table, _) in Tables(relation, new WrittenRow()))
            foreach (var constraint in table.Constraints)
                if (constraint.Kind is ConstraintKind.Referenced)
                    FollowReferences(table, constraint);
    }

    /// <summary>Rows are taken from a relation that a statement names. If it is a partition, its key has decided which.</summary>
    /// <param name="entry">The relation.</param>
    /// <param name="isPartition">In MySQL partitions have no names of their own: whether the statement chooses some of the relation's.</param>
    public void Chosen(RangeEntry entry, bool isPartition = false)
    {
        if (run.IsMySql && !isPartition)
            return;
        foreach (var relation in entry.Relations)
            foreach (var constraint in relation.Constraints)
                if (constraint.Kind is ConstraintKind.Bound)
                    foreach (var column in ColumnsOf(relation, constraint.Computed))
                        run.Conditions.Other(Flow.Of(new ColumnSource(relation, column)), position: -1);
    }

    /// <summary>A partition is made: it fails where the default partition has rows that would belong to it.</summary>
    public void Divided(RangeEntry entry)
    {
        foreach (var relation in entry.Relations)
            foreach (var constraint in relation.Constraints)
                if (constraint.Kind is ConstraintKind.Remainder)
                    foreach (var column in ColumnsOf(relation, constraint.Computed))
                        run.Conditions.Other(Flow.Of(new ColumnSource(relation, column)), position: -1);
    }

    /// <summary>With the rows that are there.</summary>
    private void Compare(CatalogueRelation table, CatalogueConstraint constraint, WrittenRow row, bool isNew)
    {
        foreach (var column in ColumnsOf(table, constraint.Computed))
            run.Conditions.Other(Flow.Of(new ColumnSource(table, column)), position: -1);
        foreach (var column in ColumnsOf(table, constraint.Tested))
            run.Collector.Condition(ConditionForm.NullTest, Flow.Of(new ColumnSource(table, column)), position: -1);
        foreach (var column in ColumnsOf(table, constraint.Columns))
        {
            if (!column.IsPhi)
                continue;
            var source = new ColumnSource(table, column);
            var stored = Flow.Of(source);
            // A default is no choice of the client's, and what stays is compared as with itself.
            var value = row[column.Number];
            var form = value is { IsNull: true } || (isNew && value is null && !column.HasDefault) ? ConditionForm.NullTest
                : value is not { } given || given.IsSingle || (!run.TakesData && ConditionAnalyser.IsLookup(stored, given.Flow)) ? ConditionForm.Equality
                : ConditionForm.Other;
            run.Collector.Condition(form, stored, position: -1);
            Try(value, source);
        }
    }

    /// <summary>Whether the values are in another table.</summary>
    private void LookUp(CatalogueRelation table, CatalogueConstraint constraint, WrittenRow row)
    {
        var other = run.Catalogue.Snapshot.Find(constraint.OtherOid);
        for (var i = 0; i < constraint.Columns.Length && i < constraint.OtherColumns.Length; i++)
        {
            var column = table.Column(constraint.Columns[i]);
            var there = Source(other, constraint.OtherColumns[i], constraint.OtherIsPhi);
            var value = row[constraint.Columns[i]];
            var here = value?.Flow ?? (column is null ? Flow.Opaque : Flow.Of(new ColumnSource(table, column)));
            if (value is { IsSingle: true } && there.IsWholePhi)
                run.Collector.Condition(ConditionForm.Equality, there, position: -1);
            else if (run.TakesData && value is { Flow.IsClientValue: true })
                run.Conditions.Other(there, position: -1);
            else
                run.Conditions.Equal(here, there, position: -1);
            if (other?.Column(constraint.OtherColumns[i]) is { IsPhi: true } referenced)
                Try(value, new ColumnSource(other, referenced));
        }
    }

    /// <summary>Whether rows of another table have the values that are there.</summary>
    private void FollowReferences(CatalogueRelation table, CatalogueConstraint constraint)
    {
        var other = run.Catalogue.Snapshot.Find(constraint.OtherOid);
        for (var i = 0; i < constraint.Columns.Length && i < constraint.OtherColumns.Length; i++)
            if (table.Column(constraint.Columns[i]) is { } column)
                run.Conditions.Equal(Flow.Of(new ColumnSource(table, column)), Source(other, constraint.OtherColumns[i], constraint.OtherIsPhi), position: -1);
    }

    private static Flow Source(CatalogueRelation? relation, short column, bool isPhi) =>
        relation?.Column(column) is { } found ? Flow.Of(new ColumnSource(relation, found)) : isPhi ? Flow.Opaque : Flow.Constant;

    /// <summary>What the client says is tried out on the column, whatever becomes of it.</summary>
    private void Try(WrittenValue? value, ColumnSource column)
    {
        // Within the body of a function $1 is not the statement's.
        if (value is not { Said: var said } || !run.Arguments.IsDefault)
            return;
        // Of rows behind a subquery: the client's, and listed nowhere.
        run.Collector.ComparesUnlisted |= said.IsEmpty && value is { Flow.IsClientValue: true };
        foreach (var expression in said)
            run.Collector.Use(expression, column, ValueUseKind.Tried);
    }

    private static ImmutableArray<CatalogueConstraint> ConstraintsOf(CatalogueRelation table) =>
        table.Kind is RelationKind.ForeignTable ? Elsewhere : table.Constraints;

    private static bool HasNull(CatalogueRelation table, ImmutableArray<short> columns, WrittenRow row)
    {
        foreach (var column in ColumnsOf(table, columns))
            if (row[column.Number] is { } value ? value.IsNull : !column.HasDefault)
                return true;
        return false;
    }

    private static bool Changes(CatalogueRelation table, CatalogueConstraint constraint, WrittenRow row)
    {
        if (row.Anywhere is not null)
            return true;
        foreach (var number in row.Columns)
            if (constraint.Concerns(number) && table.Column(number) is { } column && row[number] is { } value && !value.Keeps(new ColumnSource(table, column)))
                return true;
        return false;
    }

    private static IEnumerable<CatalogueColumn> ColumnsOf(CatalogueRelation table, ImmutableArray<short> numbers)
    {
        if (numbers.Contains((short)0))
            return table.Columns;
        return numbers.Select(table.Column).OfType<CatalogueColumn>();
    }

    /// <summary>The tables whose constraints hold for the row: what a view shows, and all partitions and children.</summary>
    private IEnumerable<(CatalogueRelation Table, WrittenRow Row)> Tables(CatalogueRelation relation, WrittenRow row)
    {
        var tables = new Queue<(CatalogueRelation, WrittenRow)>();
        foreach (var table in Shown(relation, row))
            tables.Enqueue(table);
        var seen = new HashSet<uint>();
        while (tables.TryDequeue(out var next))
        {
            run.Step();
            var (table, values) = next;
            if (table.Oid != 0 && !seen.Add(table.Oid))
                continue;
            yield return next;
            foreach (var oid in table.Children)
                if (run.Catalogue.Snapshot.Find(oid) is { } child)
                    tables.Enqueue((child, values.As(number => table.Column(number) is { } column && child.Column(column.Name) is { } own ? [own.Number] : [])));
        }
    }

    private static IEnumerable<(CatalogueRelation Table, WrittenRow Row)> Shown(CatalogueRelation relation, WrittenRow row)
    {
        if (relation.Kind is not RelationKind.View)
            return [(relation, row)];
        var flows = relation.Shape.Columns;
        return flows.SelectMany(static column => column.Flow.Sources.Columns).Select(static source => source.Relation).Distinct().Select(table =>
            (table, row.As(number => Enumerable.Range(0, Math.Min(flows.Length, relation.Columns.Length))
                .Where(i => relation.Columns[i].Number == number)
                .SelectMany(i => flows[i].Flow.Sources.Columns).Where(source => ReferenceEquals(source.Relation, table)).Select(static source => source.Column.Number))));
    }
}
