namespace Proxy.Core.Sql.Lineage.Binding;

/// <summary>What a FROM clause, or a part of it, offers: entries that can qualify a name, and the columns that need no qualification.</summary>
internal sealed class RangeTable
{
    private Dictionary<string, VisibleColumn>? _byName;
    private HashSet<string>? _ambiguous;

    public List<RangeEntry> Entries { get; } = [];

    /// <summary>In the order of *.</summary>
    public List<VisibleColumn> Columns { get; private set; } = [];

    /// <summary>What columns hold that are not known by name; null when all are known.</summary>
    public Flow? Rest { get; private set; }

    /// <summary>Whether it is not known how many columns a star stands for.</summary>
    public bool IsUncertain { get; private set; }

    public void Add(RangeEntry entry)
    {
        Entries.Add(entry);
        foreach (var column in entry.Shape.Columns)
            Columns.Add(new VisibleColumn(column.Name, column.Flow, entry) { IsInvisible = column.IsInvisible });
        AddRest(entry.Shape.Rest);
        IsUncertain |= entry.Shape.IsOpen;
        Forget();
    }

    /// <summary>Takes over everything of the other, behind what is here.</summary>
    public void Append(RangeTable other)
    {
        Entries.AddRange(other.Entries);
        Columns.AddRange(other.Columns);
        AddRest(other.Rest);
        IsUncertain |= other.IsUncertain;
        Forget();
    }

    /// <summary>Puts merged columns first and takes those of the same names away, as JOIN … USING does.</summary>
    public void Merge(IReadOnlyList<VisibleColumn> merged)
    {
        var names = merged.Select(static column => column.Name).ToHashSet(StringComparer.Ordinal);
        Columns = [.. merged, .. Columns.Where(column => !names.Contains(column.Name))];
        Forget();
    }

    /// <summary>Puts another flow in the place of each.</summary>
    public void Replace(Func<Flow, Flow> flow)
    {
        foreach (var entry in Entries)
            entry.Shape = entry.Shape with { Columns = [.. entry.Shape.Columns.Select(column => column with { Flow = flow(column.Flow) })] };
        for (var i = 0; i < Columns.Count; i++)
            Columns[i] = Columns[i] with { Flow = flow(Columns[i].Flow) };
        Forget();
    }

    /// <summary>Whether there is a column of that name, and a star stands for none.</summary>
    public bool Hides(string name)
    {
        var hides = false;
        foreach (var column in Columns)
        {
            if (!string.Equals(column.Name, name, StringComparison.Ordinal))
                continue;
            if (!column.IsInvisible)
                return false;
            hides = true;
        }
        return hides;
    }

    /// <summary>The columns of that name, taken together; null when there is none that is known.</summary>
    public Flow? Find(string name, LineageCollector? collector)
    {
        Index();
        if (!_byName!.TryGetValue(name, out var column))
            return null;
        if (_ambiguous is null || !_ambiguous.Contains(name))
        {
            if (collector is not null)
                column.Entry?.Read(name, collector);
            return column.Flow;
        }
        Flow? all = null;
        foreach (var other in Columns)
        {
            if (!string.Equals(other.Name, name, StringComparison.Ordinal))
                continue;
            if (collector is not null)
                other.Entry?.Read(name, collector);
            all = all is null ? other.Flow : all.Or(other.Flow);
        }
        return all;
    }

    /// <summary>What a star stands for.</summary>
    public RowShape Shape() =>
        new([.. Columns.Where(static column => !column.IsInvisible).Select(static column => new NamedFlow(column.Name, column.Flow))], Rest, IsUncertain);

    private void AddRest(Flow? rest)
    {
        if (rest is not null)
            Rest = Rest is null ? rest : Rest.Or(rest);
    }

    private void Forget()
    {
        _byName = null;
        _ambiguous = null;
    }

    private void Index()
    {
        if (_byName is not null)
            return;
        _byName = new Dictionary<string, VisibleColumn>(Columns.Count, StringComparer.Ordinal);
        foreach (var column in Columns)
            if (!_byName.TryAdd(column.Name, column))
                (_ambiguous ??= new HashSet<string>(StringComparer.Ordinal)).Add(column.Name);
    }
}
