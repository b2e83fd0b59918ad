using System.Collections.Immutable;
using Proxy.Core.Sql.Lineage;
using Proxy.Core.Sql.Lineage.RowOrder;

namespace Proxy.Core.Catalogue;

/// <summary>A relation of the target and what is known about its columns.</summary>
public sealed class CatalogueRelation
{
    private ImmutableArray<CatalogueColumn> _columns;

    public required uint Oid { get; init; }
    public required string Schema { get; init; }
    public required string Name { get; init; }
    public required RelationKind Kind { get; init; }

    /// <summary>In order of attnum; invisible ones behind all others, so that places are those of values without a list of columns.</summary>
    public required ImmutableArray<CatalogueColumn> Columns { get => _columns; init => _columns = value; }

    /// <summary>
    /// Whether any row of it can hold PHI: a column of its own that is not reviewed as not-PHI, or, for views and materialised views, any
    /// relation that it depends on, or a dependency that cannot be followed.
    /// </summary>
    public required bool CarriesPhi { get; init; }

    /// <summary>Whether touching it can run code or checks that involve PHI elsewhere: foreign keys, triggers, rules. Closed transitively.</summary>
    public required bool ReachesPhi { get; init; }

    /// <summary>The same for adding a row, which looks at what it references and at nothing that references it.</summary>
    public required bool InsertReachesPhi { get; init; }

    /// <summary>
    /// Whether writing it runs code that nobody reviewed: a user's trigger, a rule, or a default, check or index expression that calls a
    /// user's function. What such a write returns may not be what its origin says.
    /// </summary>
    public bool RunsUnreviewedCode { get; init; }

    /// <summary>
    /// The query of a view or materialised view as the server prints it under a search path of pg_catalog alone: every name that is not qualified is
    /// one of pg_catalog. Null for other relations, for those of the system schemas, and where the server would not say in time or said too much; then
    /// <see cref="CarriesPhi"/> is all that is known.
    /// </summary>
    public string? Definition { get; init; }

    /// <summary>Whether all of its rows are in partitions: then its keys are theirs together, which those of an inheritance parent are not.</summary>
    public bool IsPartitioned { get; init; }

    /// <summary>The OIDs of what it inherits from, or is a partition of: direct ones, without order.</summary>
    public ImmutableArray<uint> Parents { get; init; } = [];

    /// <summary>The OIDs of its inheritance children or partitions: direct ones, without order. Whoever reads it reads them.</summary>
    public ImmutableArray<uint> Children { get; init; } = [];

    /// <summary>What the server demands of its rows, without order. Not known of foreign tables.</summary>
    public ImmutableArray<CatalogueConstraint> Constraints { get; init; } = [];

    /// <summary>Indexes of it, its partitions and its children that are sorted by PHI, without order.</summary>
    public ImmutableArray<CatalogueIndex> Indexes { get; init; } = [];

    /// <summary>For a view that was read: what its query reads in which order; null when there is nothing that PHI sorts.</summary>
    internal ScanFacts? Scans { get; private set; }

    /// <summary>For a view or materialised view that was read: the relations whose columns it shows.</summary>
    internal ImmutableArray<CatalogueRelation> Behind { get; private set; } = [];

    /// <summary>Those of them of which it shows a column twice: the two may be of different rows.</summary>
    internal ImmutableArray<CatalogueRelation> RepeatedBehind { get; private set; } = [];

    /// <summary>
    /// Whether reading it runs code that nobody reviewed and no statement names: a row security policy's, or what a literal that is compared with one of
    /// its columns sets off.
    /// </summary>
    public bool RunsUnreviewedCodeWhenRead { get; init; }

    /// <summary>Whether a column is of a type whose values run code that nobody reviewed when they are made.</summary>
    public bool HasUnreviewedTypes { get; init; }

    /// <summary>
    /// The version of the first snapshot that had it exactly so, everything included that a view reads: equal OIDs with equal stamps are equal
    /// relations, in whatever snapshots they are found.
    /// </summary>
    public long Stamp { get; internal set; }

    /// <summary>Whether all that is said above, but for the stamp, is the same. What flows into the columns follows from it.</summary>
    internal bool IsSameAs(CatalogueRelation other) =>
        Oid == other.Oid && Schema == other.Schema && Name == other.Name && Kind == other.Kind && IsPartitioned == other.IsPartitioned && CarriesPhi == other.CarriesPhi
        && ReachesPhi == other.ReachesPhi && InsertReachesPhi == other.InsertReachesPhi && RunsUnreviewedCode == other.RunsUnreviewedCode
        && RunsUnreviewedCodeWhenRead == other.RunsUnreviewedCodeWhenRead && HasUnreviewedTypes == other.HasUnreviewedTypes && Definition == other.Definition
        && Columns.SequenceEqual(other.Columns) && Parents.ToHashSet().SetEquals(other.Parents) && Children.ToHashSet().SetEquals(other.Children) && HasConstraintsOf(other)
        && Indexes.SequenceEqual(other.Indexes);

    private bool HasConstraintsOf(CatalogueRelation other) =>
        Constraints.Length == other.Constraints.Length
        && Constraints.All(constraint => other.Constraints.Any(constraint.IsSameAs)) && other.Constraints.All(constraint => Constraints.Any(constraint.IsSameAs));

    /// <summary>Its columns, and what flows into each: for a table the column itself, for a view that was read the columns behind it.</summary>
    public RowShape Shape
    {
        get => field ??= new RowShape([.. Columns.Select(column => new NamedFlow(column.Name, Flow.Of(new ColumnSource(this, column))) { IsInvisible = column.IsInvisible })]);
        private set;
    }

    /// <summary>Before anybody else sees it: it is a view, and this is what flows into each of its columns.</summary>
    internal void ShowsThrough(ImmutableArray<Flow> flows, ScanFacts? scans)
    {
        Scans = scans;
        var shown = flows.SelectMany(static flow => flow.Sources.Columns).ToList();
        Behind = [.. shown.Select(static source => source.Relation).Distinct()];
        RepeatedBehind = [.. shown.GroupBy(static source => source).Where(static showings => showings.Skip(1).Any()).Select(static showings => showings.Key.Relation).Distinct()];
        _columns = [.. Columns.Select((column, i) => column with { Class = ClassOf(flows[i]) })];
        Shape = new RowShape([.. Columns.Select((column, i) => new NamedFlow(column.Name, flows[i]))]);
    }

    private static IdentifierClass ClassOf(Flow flow) =>
        !flow.IsPhi ? IdentifierClass.NotPhi
        : flow.Derivation is Derivation.Copy && !flow.TellsByNull ? flow.Sources.PhiClass() ?? IdentifierClass.Unreviewed
        : IdentifierClass.Unreviewed;

    /// <summary>The column with this attnum, or null.</summary>
    public CatalogueColumn? Column(short number) => PlaceOf(number) is >= 0 and var place ? Columns[place] : null;

    /// <summary>Where among <see cref="Columns"/> the one with this attnum is, or -1.</summary>
    internal int PlaceOf(short number)
    {
        // Without dropped columns the attnum is the position.
        if (number >= 1 && number <= Columns.Length && Columns[number - 1].Number == number)
            return number - 1;
        for (var i = 0; i < Columns.Length; i++)
            if (Columns[i].Number == number)
                return i;
        return -1;
    }

    /// <summary>The column with this name, or null.</summary>
    public CatalogueColumn? Column(string name)
    {
        foreach (var column in Columns)
            if (string.Equals(column.Name, name, StringComparison.Ordinal))
                return column;
        return null;
    }

    public override string ToString() => $"{Schema}.{Name}";
}
