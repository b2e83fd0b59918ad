using System.Collections.Frozen;
using Proxy.Core.Sql.Lineage.Binding;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.Lineage;

/// <summary>What a dotted name means where it stands.</summary>
internal sealed class NameResolver(LineageRun run)
{
    /// <summary>Columns that every table has and no catalogue lists as its own: where a row is and who wrote it.</summary>
    private static readonly FrozenSet<string> SystemColumns =
        new[] { "ctid", "xmin", "xmax", "cmin", "cmax", "tableoid" }.ToFrozenSet(StringComparer.Ordinal);

    public Flow Value(ColumnReference reference, Place place)
    {
        if (reference.IsStar)
            // As a value only count(*) and row functions take it: every column then.
            return Expand(reference, place).Whole();
        return reference.Parts switch
        {
            [var column] => Unqualified(column, place),
            [var relation, var column] => Qualified(null, relation, column, place),
            [var schema, var relation, var column] => Qualified(schema, relation, column, place),
            [_, var schema, var relation, var column] => Qualified(schema, relation, column, place),
            _ => Unknown(reference),
        };
    }

    /// <summary>The columns that a star stands for.</summary>
    public RowShape Expand(ColumnReference reference, Place place)
    {
        if (reference.Parts.IsEmpty)
        {
            if (place.Scope is not { } scope)
                return RowShape.Empty;
            foreach (var column in scope.Range.Columns)
                if (!column.IsInvisible)
                    column.Entry?.Read(column.Name, run.Collector);
            return scope.Range.Shape();
        }
        var (schema, name) = reference.Parts is [.., var written, var last] ? (written, last) : (null, reference.Parts[^1]);
        RowShape? shape = null;
        foreach (var entry in Entries(schema, name, place))
        {
            entry.ReadAll(run.Collector);
            var visible = entry.Shape.Visible();
            shape = shape is null ? visible : shape.Or(visible);
        }
        return shape ?? UnknownRow(reference);
    }

    private Flow Unqualified(string name, Place place)
    {
        var isCertain = false;
        var column = place.Scope?.Column(name, run.Collector, out isCertain);
        if (column is not null && isCertain)
            return column;
        // What may be a column of something whose columns are not known may also be the name of a row, or of nothing known.
        if (WholeRows(name, place) is { } row)
            return column is null ? row : column.Or(row);
        if (column is not null)
            return column;
        if (SystemColumns.Contains(name) && place.Scope is not null)
            return SystemColumn(name, Everything(place.Scope));
        run.Collector.Unresolved($"{name} is not a column of anything here");
        return Flow.Opaque;
    }

    /// <summary>A relation's name or alias used as a value: the whole row.</summary>
    private Flow? WholeRows(string name, Place place)
    {
        Flow? whole = null;
        foreach (var entry in Entries(null, name, place))
        {
            entry.ReadAll(run.Collector);
            var row = entry.Shape.Whole();
            whole = whole is null ? row : whole.Or(row);
        }
        return whole;
    }

    private Flow Qualified(string? schema, string relation, string column, Place place)
    {
        Flow? flow = null;
        foreach (var entry in Entries(schema, relation, place))
        {
            var found = ColumnOf(entry, column);
            flow = flow is null ? found : flow.Or(found);
        }
        if (flow is not null)
            return flow;
        run.Collector.Unresolved($"{relation}.{column} is not a column of anything here");
        return Flow.Opaque;
    }

    private Flow ColumnOf(RangeEntry entry, string name)
    {
        Flow? flow = null;
        foreach (var (columnName, column) in entry.Shape.Columns)
            if (string.Equals(columnName, name, StringComparison.Ordinal))
                flow = flow is null ? column : flow.Or(column);
        if (entry.Shape.Rest is { } rest)
            flow = flow is null ? rest : flow.Or(rest);
        if (flow is not null)
        {
            entry.Read(name, run.Collector);
            return flow;
        }
        if (SystemColumns.Contains(name) && entry.IsRelation)
            return SystemColumn(name, [entry]);
        // row.name is name(row) where the row has no such column.
        entry.ReadAll(run.Collector);
        var function = new QualifiedName(null, name);
        if (run.Catalogue.IsFunction(function))
            return run.Calls.OfValue(function, entry.Shape.Whole(), position: -1);
        run.Collector.Unresolved($"{entry.Name}.{name} is not a column of anything here");
        return Flow.Opaque;
    }

    /// <summary>Which partition a row is in follows from its values, and where in it from those of others.</summary>
    private static Flow SystemColumn(string name, IEnumerable<RangeEntry> entries)
    {
        if (name is not ("tableoid" or "ctid"))
            return Flow.Constant;
        var flow = Flow.Constant;
        foreach (var entry in entries)
            if (entry.Relations.Any(static relation => relation is { CarriesPhi: true, Children.IsEmpty: false }))
                flow = flow.With(entry.Shape.Whole());
        return flow;
    }

    private static IEnumerable<RangeEntry> Everything(Scope scope)
    {
        for (var around = scope; around is not null; around = around.Outer)
            foreach (var entry in around.Range.Entries)
                yield return entry;
    }

    private static IEnumerable<RangeEntry> Entries(string? schema, string name, Place place) =>
        place.Scope is { } scope ? scope.Entries(schema, name) : [];

    private Flow Unknown(ColumnReference reference)
    {
        run.Collector.Opaque($"a name of {reference.Parts.Length} parts");
        return Flow.Opaque;
    }

    private RowShape UnknownRow(ColumnReference reference)
    {
        run.Collector.Unresolved($"{reference.Parts[^1]} is not a relation here");
        return RowShape.Unknown;
    }
}
