using System.Collections.Immutable;
using Proxy.Core.Sql.Lineage.Binding;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.Lineage.MySql;

/// <summary>UPDATE and DELETE of several tables, or of one by a join.</summary>
internal sealed class JoinChangeAnalyser(LineageRun run)
{
    public RowShape? Update(UpdateJoinStatement update, Scope? outer, CommonTables? tables)
    {
        var place = Among(update.Sources, update.With, outer, tables);
        foreach (var assignment in update.Assignments)
        {
            if (place.Scope!.Range.Entries.Exists(entry => IsOf(assignment, entry)))
                continue;
            // Nobody's column: what would be stored in it is looked at all the same.
            run.Collector.Unresolved($"{assignment.Columns[0]} is not a column of anything here");
            foreach (var subscript in assignment.Subscripts)
                _ = run.Expressions.Value(subscript, place);
            _ = run.Expressions.Value(assignment.Value, place);
        }
        foreach (var entry in place.Scope!.Range.Entries)
        {
            var assignments = update.Assignments.Where(assignment => IsOf(assignment, entry)).ToImmutableArray();
            if (assignments.IsEmpty)
                continue;
            // Nothing is stored in a derived table; a relation that nobody knows was said to be one.
            if (!entry.IsRelation)
                run.Collector.Opaque("a change of something else than a relation");
            run.Changes.Assign(assignments, entry, place);
            run.Constraints.Chosen(entry);
        }
        run.Conditions.Decide(update.Where, place);
        run.Changes.Chosen(update.OrderBy, update.Limit, place);
        return null;
    }

    public RowShape? Delete(DeleteJoinStatement delete, Scope? outer, CommonTables? tables)
    {
        var place = Among(delete.Sources, delete.With, outer, tables);
        foreach (var target in delete.Targets)
        {
            var entries = place.Scope!.Entries(target.Name.Schema, target.Name.Name).ToList();
            if (entries.Count == 0)
                run.Collector.Unresolved($"{target.Name} is not among the tables");
            foreach (var entry in entries)
            {
                run.Constraints.Chosen(entry);
                foreach (var relation in entry.Relations)
                    run.Constraints.Removed(relation);
            }
        }
        run.Conditions.Decide(delete.Where, place);
        return null;
    }

    private Place Among(ImmutableArray<Source> sources, WithClause? with, Scope? outer, CommonTables? tables)
    {
        var common = with is null ? tables : run.Queries.Common(with, outer, tables);
        var range = new RangeTable();
        foreach (var source in sources)
            range.Append(run.Sources.Range(source, outer, common, range));
        return new Place(new Scope(outer, range), common);
    }

    private static bool IsOf(Assignment assignment, RangeEntry entry) =>
        assignment.Qualifier is [.., var name]
            ? string.Equals(entry.Name, name, StringComparison.Ordinal)
            : entry.Shape.IsOpen || entry.Shape.Columns.Any(column => string.Equals(column.Name, assignment.Columns[0], StringComparison.Ordinal));
}
