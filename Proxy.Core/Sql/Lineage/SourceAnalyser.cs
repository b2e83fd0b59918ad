using System.Collections.Immutable;
using Proxy.Core.Catalogue;
using Proxy.Core.Sql.Lineage.Binding;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.Lineage;

/// <summary>What an entry of FROM offers.</summary>
internal sealed class SourceAnalyser(LineageRun run)
{
    /// <param name="source">The entry.</param>
    /// <param name="outer">What is around the query.</param>
    /// <param name="tables">Common tables in scope.</param>
    /// <param name="left">What stands left of it, which LATERAL and functions can see.</param>
    public RangeTable Range(Source source, Scope? outer, CommonTables? tables, RangeTable left)
    {
        run.Step();
        return source switch
        {
            TableSource table => One(Table(table, new Place(outer, tables))),
            SubquerySource query => One(new RangeEntry
            {
                Name = query.Alias,
                Shape = run.Queries.Analyse(query.Query, query.IsLateral ? new Scope(outer, left) : outer, tables).Renamed(query.ColumnAliases),
            }),
            FunctionSource function => One(Function(function, new Place(new Scope(outer, left), tables))),
            TableFunctionSource function => One(TableFunction(function, new Place(new Scope(outer, left), tables))),
            JoinSource join => Join(join, outer, tables, left),
            OpaqueSource opaque => One(Opaque(opaque.Because)),
            _ => One(Opaque(source.GetType().Name)),
        };
    }

    /// <summary>A relation or common table by name, as an entry.</summary>
    public RangeEntry Table(TableSource table, Place place)
    {
        foreach (var argument in table.Sample.Concat(table.Period))
            run.Conditions.Other(run.Expressions.Value(argument, place), argument.Position);
        if (table.Name.Schema is null && place.Tables?.Find(table.Name.Name) is { } common)
        {
            run.Collector.Scans.ReadCommon(run.IsMySql ? table.Name.Name.ToLowerInvariant() : table.Name.Name, table);
            return new RangeEntry { Name = table.Alias ?? table.Name.Name, Shape = common.Renamed(table.ColumnAliases) };
        }
        var relation = Relation(table);
        Scan(relation, table);
        run.Constraints.Chosen(relation);
        return relation;
    }

    /// <summary>Rows of the entry are looked for, and come in an order.</summary>
    public void Scan(RangeEntry entry, TableSource place)
    {
        foreach (var relation in entry.Relations)
            run.Collector.Scans.Read(relation, place, isUncertain: run.FunctionDepth > 0 || entry.Relations.Length > 1);
        if (entry.Relations.Length > 1)
            run.Collector.Scans.Mixes();
    }

    /// <summary>A relation by name; a common table of that name does not matter, as for the target of a write.</summary>
    public RangeEntry Relation(TableSource table)
    {
        var name = table.Name is { Schema: null } unqualified && run.BodySchema is { } schema ? unqualified with { Schema = schema } : table.Name;
        var relations = run.Catalogue.Relations(name);
        if (relations.IsEmpty)
            run.Collector.Unresolved($"{table.Name} is not in the catalogue");
        var entry = new RangeEntry
        {
            Name = table.Alias ?? table.Name.Name,
            Schema = table.Alias is null ? table.Name.Schema : null,
            Relations = relations,
            Shape = Shape(relations).Renamed(table.ColumnAliases),
            ColumnAliases = table.ColumnAliases,
        };
        if (!table.Partitions.IsEmpty)
            run.Constraints.Chosen(entry, isPartition: true);
        return entry;
    }

    /// <summary>
    /// The columns of a relation that can be any of several. Where they have the same names in the same order each is any of those; otherwise a
    /// name means all columns of that name, and a star means nobody knows how many.
    /// </summary>
    private static RowShape Shape(ImmutableArray<CatalogueRelation> relations)
    {
        if (relations.IsEmpty)
            return RowShape.Unknown;
        var shape = LineageCatalogue.ShapeOf(relations[0]);
        for (var i = 1; i < relations.Length; i++)
        {
            var other = LineageCatalogue.ShapeOf(relations[i]);
            shape = !shape.IsOpen && HaveSameNames(shape, other) ? shape.Or(other) : Either(shape, other);
        }
        return shape;
    }

    private static bool HaveSameNames(RowShape a, RowShape b)
    {
        if (b.IsOpen || a.Columns.Length != b.Columns.Length)
            return false;
        for (var i = 0; i < a.Columns.Length; i++)
            if (!string.Equals(a.Columns[i].Name, b.Columns[i].Name, StringComparison.Ordinal) || a.Columns[i].IsInvisible != b.Columns[i].IsInvisible)
                return false;
        return true;
    }

    private static RowShape Either(RowShape a, RowShape b)
    {
        var columns = new List<NamedFlow>(a.Columns);
        foreach (var column in b.Columns)
        {
            var known = columns.FindIndex(existing => string.Equals(existing.Name, column.Name, StringComparison.Ordinal));
            if (known < 0)
                columns.Add(column);
            else
                columns[known] = column with { Flow = columns[known].Flow.Or(column.Flow) };
        }
        return new RowShape([.. columns], a.Rest ?? b.Rest, HasUncertainPlaces: true);
    }

    private RangeEntry Function(FunctionSource function, Place place)
    {
        var columns = ImmutableArray.CreateBuilder<NamedFlow>();
        Flow? rest = null;
        var isUncertain = false;
        foreach (var call in function.Calls)
        {
            var shape = run.Calls.Rows(call, place);
            if (!function.DefinedColumns.IsEmpty)
            {
                var whole = shape.Whole() with { Row = null };
                shape = new RowShape([.. function.DefinedColumns.Select(name => new NamedFlow(name, whole))]);
            }
            else if (!shape.IsOpen && shape.Columns.Length == 1 && function is { Alias: { } alias, Calls.Length: 1 })
                // A function of one column names it after the alias.
                shape = new RowShape([shape.Columns[0] with { Name = alias }]);
            columns.AddRange(shape.Columns);
            isUncertain |= shape.HasUncertainPlaces;
            if (shape.Rest is { } more)
                rest = rest is null ? more : rest.Or(more);
        }
        if (function.HasOrdinality)
            columns.Add(new NamedFlow("ordinality", Flow.Constant));
        return new RangeEntry
        {
            Name = function.Alias ?? (function.Calls is [Call only] ? only.Function.Name : null),
            Shape = new RowShape(columns.DrainToImmutable(), rest, isUncertain).Renamed(function.ColumnAliases),
        };
    }

    private RangeEntry TableFunction(TableFunctionSource function, Place place)
    {
        var value = run.Operators.Failing(ExpressionAnalyser.All(run.Expressions.ValuesOf(function.Inputs, place)) with { TellsByNull = true }, function.Position);
        return new RangeEntry
        {
            Name = function.Alias,
            Shape = new RowShape([.. function.Columns.Select(name => new NamedFlow(name, value))]).Renamed(function.ColumnAliases),
        };
    }

    private RangeTable Join(JoinSource join, Scope? outer, CommonTables? tables, RangeTable left)
    {
        var scans = run.Collector.Scans;
        var before = scans.Mark;
        var joined = Range(join.Left, outer, tables, left);
        var between = scans.Mark;
        var right = Range(join.Right, outer, tables, SeesLeft(join.Right) ? Both(left, joined) : left);
        var end = scans.Mark;
        if (join.Kind is JoinKind.Right or JoinKind.Full)
            MakesNulls(joined, before, between);
        if (join.Kind is JoinKind.Left or JoinKind.Full)
            MakesNulls(right, between, end);
        scans.Mixes();
        var (level, outerSide) = (scans.Level, scans.OuterSide);
        scans.Level = before.Reads;
        scans.OuterSide = join.Kind switch
        {
            JoinKind.Inner => outerSide,
            JoinKind.Left => (between.Reads, end.Reads),
            JoinKind.Right => (before.Reads, between.Reads),
            _ => (0, 0),
        };
        var merges = join.IsNatural || !join.Using.IsEmpty;
        // In MySQL RIGHT JOIN is LEFT JOIN of the sides the other way about, as far as a star behind NATURAL or USING goes [ran on MariaDB 10.11].
        if (run.IsMySql && merges && join.Kind is JoinKind.Right)
            (joined, right) = (right, joined);
        var shared = join.IsNatural ? CommonNames(joined, right) : run.IsMySql ? InOrderOf(joined, join.Using) : join.Using;
        var merged = new List<VisibleColumn>(shared.Length);
        foreach (var name in shared)
        {
            var a = Side(joined, name);
            var b = Side(right, name);
            run.Conditions.Equal(a, b, join.Position);
            scans.Equates(a, b);
            merged.Add(new VisibleColumn(name, a.Or(b), null) { IsInvisible = joined.Hides(name) });
        }
        // Names that a relation may have or not decide which columns are compared.
        if (join.IsNatural && (joined.IsUncertain || right.IsUncertain))
            run.Collector.Opaque("NATURAL JOIN with something whose columns are not known");
        joined.Append(right);
        if (merged.Count > 0)
            joined.Merge(merged);
        if (join.UsingAlias is { } alias)
            joined.Entries.Add(new RangeEntry { Name = alias, Shape = new RowShape([.. merged.Select(static column => new NamedFlow(column.Name, column.Flow))]) });
        run.Conditions.Decide(join.On, new Place(new Scope(outer, join.On is null ? joined : Both(left, joined)), tables), isCertain: true);
        (scans.Level, scans.OuterSide) = (level, outerSide);
        return join.Alias is null ? joined : One(new RangeEntry { Name = join.Alias, Shape = joined.Shape().Renamed(join.ColumnAliases), Joined = [.. joined.Columns] });
    }

    /// <summary>NULLs may stand for a side of an outer join, also for what it shows of columns that are read elsewhere.</summary>
    private void MakesNulls(RangeTable side, (int Shown, int Reads) since, (int Shown, int Reads) until)
    {
        run.Collector.Scans.MakesNulls(since, until);
        side.Replace(flow =>
        {
            run.Step();
            return !flow.MayBeAnother && flow.Sources.Columns.Any(column => !run.Collector.Scans.IsOf(column, since, until)) ? flow with { MayBeAnother = true } : flow;
        });
    }

    private Flow Side(RangeTable side, string name)
    {
        var flow = side.Find(name, run.Collector);
        if (side.Rest is { } rest)
            flow = flow is null ? rest : flow.Or(rest);
        if (flow is not null)
            return flow;
        run.Collector.Unresolved($"{name} is not a column of both sides");
        return Flow.Opaque;
    }

    private static bool SeesLeft(Source source) => source switch
    {
        SubquerySource query => query.IsLateral,
        JoinSource join => SeesLeft(join.Left) || SeesLeft(join.Right),
        FunctionSource or TableFunctionSource => true,
        _ => false,
    };

    private static RangeTable Both(RangeTable left, RangeTable right)
    {
        if (left.Entries.Count == 0 && left.Columns.Count == 0)
            return right;
        var both = new RangeTable();
        both.Append(left);
        both.Append(right);
        return both;
    }

    /// <summary>NATURAL JOIN compares what a star stands for: no invisible column [ran on MariaDB 10.11].</summary>
    private static ImmutableArray<string> CommonNames(RangeTable left, RangeTable right)
    {
        var names = right.Columns.Where(static column => !column.IsInvisible).Select(static column => column.Name).ToHashSet(StringComparer.Ordinal);
        return [.. left.Columns.Where(static column => !column.IsInvisible).Select(static column => column.Name).Where(names.Contains).Distinct()];
    }

    /// <summary>Where PostgreSQL puts merged columns in the order of USING, MySQL leaves them in that of the first side.</summary>
    private static ImmutableArray<string> InOrderOf(RangeTable side, ImmutableArray<string> names)
    {
        var known = side.Columns.Select(static column => column.Name).Where(name => names.Contains(name, StringComparer.Ordinal)).Distinct().ToList();
        return [.. known, .. names.Where(name => !known.Contains(name, StringComparer.Ordinal))];
    }

    private RangeEntry Opaque(string because)
    {
        run.Collector.Opaque($"something in FROM that is not understood ({because})");
        return new RangeEntry { Shape = RowShape.Unknown };
    }

    private static RangeTable One(RangeEntry entry)
    {
        var range = new RangeTable();
        range.Add(entry);
        return range;
    }
}
