namespace Proxy.Core.Sql.Lineage.Binding;

/// <summary>What names mean at one place: the FROM clause there, and the queries around it.</summary>
internal sealed class Scope(Scope? outer, RangeTable range, RowShape? outputs = null)
{
    public Scope? Outer { get; } = outer;
    public RangeTable Range { get; } = range;

    /// <summary>In MySQL a subquery in a select list sees the aliases that stand before it in the list, behind the columns of FROM [ran]; null elsewhere.</summary>
    public List<NamedFlow>? Earlier { get; init; }

    /// <summary>
    /// The column of this name, nearest first. Where an entry's columns are not known by name, it may be one of those or one further out, and is
    /// taken as both. Null when no scope has one.
    /// </summary>
    public Flow? Column(string name, LineageCollector? collector, out bool isCertain)
    {
        isCertain = false;
        Flow? perhaps = null;
        for (var scope = this; scope is not null; scope = scope.Outer)
        {
            if ((scope.Named(name, collector) ?? (ReferenceEquals(scope, this) ? null : scope.ByEarlier(name))) is { } found)
            {
                isCertain = perhaps is null;
                return isCertain ? found : perhaps!.Or(found);
            }
            if (scope.Range.Rest is { } rest)
                perhaps = perhaps is null ? rest : perhaps.Or(rest);
        }
        return perhaps;
    }

    /// <summary>A column of FROM, or one of the answer by its alias, where the dialect lets an expression name those; both where both have the name.</summary>
    private Flow? Named(string name, LineageCollector? collector)
    {
        var flow = Range.Find(name, collector);
        if (outputs is null)
            return flow;
        foreach (var (output, value) in outputs.Columns)
            if (string.Equals(output, name, StringComparison.Ordinal))
                flow = flow is null ? value : flow.Or(value);
        return flow;
    }

    private Flow? ByEarlier(string name)
    {
        Flow? flow = null;
        foreach (var (alias, value) in Earlier ?? [])
            if (string.Equals(alias, name, StringComparison.Ordinal))
                flow = flow is null ? value : flow.Or(value);
        return flow;
    }

    /// <summary>Every entry of that name in the nearest scope that has one; several when a FROM clause names one thing twice, which the server refuses.</summary>
    public IEnumerable<RangeEntry> Entries(string? schema, string name)
    {
        for (var scope = this; scope is not null; scope = scope.Outer)
        {
            var isFound = false;
            foreach (var entry in scope.Range.Entries)
            {
                if (!string.Equals(entry.Name, name, StringComparison.Ordinal) || (schema is not null && !IsIn(entry, schema)))
                    continue;
                isFound = true;
                yield return entry;
            }
            if (isFound)
                yield break;
        }
    }

    // FROM t makes s.t.c valid for the schema that the search path found: any that the name can be.
    private static bool IsIn(RangeEntry entry, string schema) =>
        entry.Schema is { } written
            ? string.Equals(written, schema, StringComparison.Ordinal)
            : entry.Relations.Any(relation => string.Equals(relation.Schema, schema, StringComparison.Ordinal));
}
