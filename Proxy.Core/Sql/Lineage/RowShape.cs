using System.Collections.Immutable;

namespace Proxy.Core.Sql.Lineage;

/// <summary>The columns of something with rows, in order.</summary>
/// <param name="Columns">What is known of them.</param>
/// <param name="Rest">
/// When not null, there may be more columns, or others of the same names: each is what this says. Their number and places are then not known.
/// </param>
/// <param name="HasUncertainPlaces">Whether the names are known, but not which place each has, nor how many columns there are.</param>
public sealed record RowShape(ImmutableArray<NamedFlow> Columns, Flow? Rest = null, bool HasUncertainPlaces = false)
{
    public static RowShape Empty { get; } = new([]);

    /// <summary>Of a relation that nobody knows.</summary>
    public static RowShape Unknown { get; } = new([], Flow.Opaque);

    public bool IsOpen => Rest is not null || HasUncertainPlaces;

    /// <summary>The value of the whole row.</summary>
    public Flow Whole()
    {
        var whole = Rest ?? Flow.Constant;
        var sources = new HashSet<ColumnSource>(whole.Sources.Columns);
        var counted = whole.Counted;
        var isOpaque = whole.Derivation is Derivation.Opaque;
        foreach (var (_, flow) in Columns)
        {
            sources.UnionWith(flow.Sources.Columns);
            counted = counted.Union(flow.Counted);
            isOpaque |= flow.Derivation is Derivation.Opaque;
        }
        return new Flow
        {
            Derivation = isOpaque ? Derivation.Opaque : sources.Count == 0 ? Derivation.Constant : Derivation.Expression,
            Sources = SourceSet.Of(sources),
            Counted = counted,
            TellsByNull = true,
            HoldsRow = true,
            Part = Columns.IsEmpty ? whole.Part : ValuePart.None,
            Row = this,
        };
    }

    /// <summary>The same columns under other names, as in AS t (a, b): as many as names are given, the rest keep theirs.</summary>
    public RowShape Renamed(ImmutableArray<string> names)
    {
        if (names.IsDefaultOrEmpty)
            return this;
        if (IsOpen)
        {
            // Which columns they rename is not known: each may be any.
            var whole = Whole() with { Row = null };
            return new RowShape([.. names.Select(name => new NamedFlow(name, whole)), .. Columns], whole);
        }
        var columns = Columns.ToBuilder();
        for (var i = 0; i < columns.Count && i < names.Length; i++)
            columns[i] = columns[i] with { Name = names[i] };
        return new RowShape(columns.MoveToImmutable());
    }

    /// <summary>What a star stands for.</summary>
    public RowShape Visible() =>
        Columns.Any(static column => column.IsInvisible) ? this with { Columns = Columns.RemoveAll(static column => column.IsInvisible) } : this;

    /// <summary>Rows of either shape, column by column. Where the numbers differ, the places are not known any more.</summary>
    public RowShape Or(RowShape other)
    {
        if (IsOpen || other.IsOpen || Columns.Length != other.Columns.Length)
            return new RowShape([], Whole().Or(other.Whole()) with { Row = null });
        var columns = ImmutableArray.CreateBuilder<NamedFlow>(Columns.Length);
        for (var i = 0; i < Columns.Length; i++)
            columns.Add(Columns[i] with { Flow = Columns[i].Flow.Or(other.Columns[i].Flow) });
        return new RowShape(columns.MoveToImmutable());
    }

    /// <summary>Whether the other adds nothing.</summary>
    public bool Contains(RowShape other)
    {
        if (IsOpen)
            return Whole().Contains(other.Whole());
        if (other.IsOpen || Columns.Length != other.Columns.Length)
            return false;
        for (var i = 0; i < Columns.Length; i++)
            if (!Columns[i].Flow.Contains(other.Columns[i].Flow))
                return false;
        return true;
    }
}
