using System.Collections.Immutable;
using Proxy.Core.Catalogue;
using Proxy.Core.Sql.Lineage.Binding;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.Lineage;

/// <summary>What the failure of a change of definitions tells of the rows that are there.</summary>
internal sealed class DefinitionAnalyser(LineageRun run)
{
    public void Constrain(ConstrainStatement statement)
    {
        if (statement.Table is not { } table)
        {
            run.Conditions.Other(Flow.Opaque, statement.Position);
            return;
        }
        var target = run.Sources.Relation(table);
        if (statement.AsksMore)
            run.Conditions.Other(target.Shape.Whole() with { Row = null }, statement.Position);
        var place = At(target, statement.AddedColumns);
        foreach (var key in statement.Keys)
            // Whether two rows have the same, as a join of the table with itself would tell.
            if (run.Expressions.Value(key, place) is { IsPhi: true } flow)
                run.Collector.Condition(flow is { IsWholePhi: true, TellsByNull: false } ? ConditionForm.Equality : ConditionForm.Other, flow, key.Position);
        foreach (var condition in statement.Conditions)
            run.Conditions.Decide(condition, place);
        run.Expressions.ValuesOf(statement.Values, place);
        foreach (var key in statement.ForeignKeys)
            Reference(key, place);
    }

    /// <summary>Whether the values of one table are in another.</summary>
    private void Reference(ForeignKeyClause key, Place place)
    {
        var referenced = run.Sources.Relation(key.Referenced);
        var own = run.Expressions.ValuesOf(key.Columns, place);
        foreach (var relation in referenced.Relations)
        {
            var columns = ReferencedOf(relation, key.ReferencedColumns);
            for (var i = 0; i < own.Count; i++)
                run.Conditions.Equal(own[i], i < columns.Count ? Flow.Of(new ColumnSource(relation, columns[i])) : referenced.Shape.Whole(), key.Position);
        }
    }

    private static List<CatalogueColumn> ReferencedOf(CatalogueRelation relation, ImmutableArray<string> names)
    {
        if (!names.IsEmpty)
            return [.. names.Select(relation.Column).OfType<CatalogueColumn>()];
        foreach (var constraint in relation.Constraints)
            if (constraint.IsPrimary)
                return [.. constraint.Columns.Select(relation.Column).OfType<CatalogueColumn>()];
        return [];
    }

    private static Place At(RangeEntry target, ImmutableArray<string> added)
    {
        var range = new RangeTable();
        range.Add(target);
        if (!added.IsEmpty)
            range.Add(new RangeEntry { Shape = new RowShape([.. added.Select(static name => new NamedFlow(name, Flow.Constant))]) });
        return new Place(new Scope(null, range), null);
    }
}
