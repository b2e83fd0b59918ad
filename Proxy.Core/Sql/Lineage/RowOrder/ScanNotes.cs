using System.Collections.Immutable;
using Proxy.Core.Catalogue;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.Lineage.RowOrder;

/// <summary>
/// What an analysis notes of the order in which rows are found. Little is kept before something is read that an index sorts by PHI: what decides about
/// rows is analysed behind what they are read from.
/// </summary>
internal sealed class ScanNotes
{
    private readonly List<(CatalogueRelation Relation, SyntaxNode Place)> _reads = [];
    private readonly List<CatalogueRelation> _shown = [];
    private readonly HashSet<CatalogueRelation> _nullable = [];
    private readonly HashSet<ColumnSource> _decisive = [];
    private readonly HashSet<ColumnSource> _nulls = [];
    private readonly HashSet<ColumnSource> _pinned = [];
    private readonly HashSet<ColumnSource> _known = [];
    private readonly List<(ColumnSource, ColumnSource)> _equal = [];
    private readonly List<OrderedChoice> _choices = [];
    private Dictionary<string, SyntaxNode>? _common;
    private bool _isRepeated;

    /// <summary>Whether anything was read that PHI sorts.</summary>
    public bool IsConcerned { get; private set; }

    /// <summary>
    /// From which read on relations are those of the query whose condition is looked at. What a subquery asks of rows around it does not hold for them: it
    /// may stand beside OR.
    /// </summary>
    public int Level { get; set; }

    /// <summary>Whether the condition is one of an outer join: rows that do not fulfil it stay, with NULLs for the other side.</summary>
    public bool IsOptional { get; set; }

    /// <summary>By what the rows of the query that was analysed last are ordered.</summary>
    public ImmutableArray<ColumnSource> LastOrder { get; private set; } = [];

    /// <summary>How much was read so far: for <see cref="Fold"/> and <see cref="MakesNulls"/>.</summary>
    public (int Shown, int Reads) Mark => (_shown.Count, _reads.Count);

    /// <summary>A relation is read at a place in the text. What stands in the body of a function may be read at several.</summary>
    public void Read(CatalogueRelation relation, SyntaxNode place, bool isInBody)
    {
        LastOrder = [];
        Add(relation, place, isInBody, isSorted: !relation.Indexes.IsEmpty);
        if (relation.Scans is not { } view)
            return;
        IsConcerned = true;
        foreach (var table in view.Shown)
            Add(table, place, isInBody, isSorted: true);
        foreach (var single in view.Single)
            if (!view.Shown.Contains(single))
                Add(single, place, isInBody, isSorted: false);
        _decisive.UnionWith(view.Decisive);
        _nulls.UnionWith(view.Nulls);
        _pinned.UnionWith(view.Pinned);
        _known.UnionWith(view.Known);
        _equal.AddRange(view.Equal);
        _choices.AddRange(view.Choices);
        _isRepeated |= view.IsRepeated;
        LastOrder = view.Order;
    }

    /// <summary>A common table is read, whose rows are those of a query that was analysed once.</summary>
    public void ReadCommon(string name, SyntaxNode place)
    {
        LastOrder = [];
        _common ??= new Dictionary<string, SyntaxNode>(StringComparer.Ordinal);
        _isRepeated |= !_common.TryAdd(name, place) && !ReferenceEquals(_common[name], place);
    }

    /// <summary>The rows of what was read since are put among others.</summary>
    public void Mixes() => LastOrder = [];

    /// <summary>What was read since may be missing in a row: NULLs stand for it.</summary>
    public void MakesNulls((int Shown, int Reads) since, (int Shown, int Reads) until)
    {
        for (var i = since.Reads; i < until.Reads; i++)
            _nullable.Add(_reads[i].Relation);
    }

    /// <summary>The order of the rows of what was read since is gone: one row is made of them, or one for each group.</summary>
    public void Fold((int Shown, int Reads) since)
    {
        if (_shown.Count > since.Shown)
            _shown.RemoveRange(since.Shown, _shown.Count - since.Shown);
    }

    /// <summary>The value decides about rows, whether it is PHI or not.</summary>
    public void Decides(Flow flow)
    {
        if (!IsConcerned)
            return;
        _decisive.UnionWith(flow.Sources.Columns);
        _decisive.UnionWith(flow.Counted.Columns);
    }

    /// <summary>There are only rows in which the value is NULL.</summary>
    public void IsNull(Flow flow)
    {
        if (IsConcerned && !IsOptional && flow.Sources.Columns.All(column => IsHere(column)))
            _nulls.UnionWith(flow.Sources.Columns);
        else
            Decides(flow);
    }

    /// <summary>There are only rows in which the value is one that the client says, or one of several.</summary>
    public void Pins(Flow flow, bool isOne)
    {
        if (!IsConcerned)
            return;
        if (IsOptional || ColumnOf(flow) is not { } column || !IsHere(column))
        {
            Decides(flow);
            return;
        }
        _known.Add(column);
        if (isOne)
            _pinned.Add(column);
    }

    /// <summary>There are only rows in which both values are equal, or in which one side is missing: then it follows from the other, and that not from it.</summary>
    public void Equates(Flow left, Flow right)
    {
        if (!IsConcerned || ColumnOf(left) is not { } a || ColumnOf(right) is not { } b)
            return;
        if (IsHere(b) && !_nullable.Contains(a.Relation))
            _equal.Add((a, b));
        if (IsHere(a) && !_nullable.Contains(b.Relation))
            _equal.Add((b, a));
    }

    /// <summary>A query is analysed to its end.</summary>
    /// <param name="order">What ORDER BY says.</param>
    /// <param name="inherited">By what its rows come ordered where it says nothing.</param>
    /// <param name="chooses">Whether the order decides which rows there are: LIMIT, DISTINCT ON.</param>
    public void Ends(IReadOnlyCollection<Flow> order, ImmutableArray<ColumnSource> inherited, bool chooses)
    {
        LastOrder = order.Count == 0 ? inherited : ColumnsOf(order);
        if (chooses)
            Chooses(LastOrder);
    }

    public void Chooses(ImmutableArray<ColumnSource> order)
    {
        if (_shown.Count > 0)
            _choices.Add(new OrderedChoice(order, [.. _shown], [.. _nulls], [.. _pinned], [.. _known], [.. _equal]));
    }

    public static ImmutableArray<ColumnSource> ColumnsOf(IEnumerable<Flow> order) => [.. order.Select(ColumnOf).OfType<ColumnSource>()];

    public ScanFacts? Facts() => _shown.Count == 0 && _choices.Count == 0 ? null : new ScanFacts
    {
        Shown = [.. _shown.Distinct()],
        Single = [.. _reads.GroupBy(static read => read.Relation).Where(reads => !_nullable.Contains(reads.Key) && reads.DistinctBy(static read => read.Place).Count() == 1).Select(static reads => reads.Key)],
        IsRepeated = _isRepeated,
        Decisive = [.. _decisive],
        Nulls = [.. _nulls],
        Pinned = [.. _pinned],
        Known = [.. _known],
        Equal = [.. _equal],
        Choices = [.. _choices],
        Order = LastOrder,
    };

    private void Add(CatalogueRelation table, SyntaxNode place, bool isInBody, bool isSorted)
    {
        if (isSorted)
        {
            IsConcerned = true;
            _shown.Add(table);
            _isRepeated |= isInBody || _reads.Exists(read => ReferenceEquals(read.Relation, table) && !ReferenceEquals(read.Place, place));
        }
        _reads.Add((table, place));
        if (isInBody)
            _nullable.Add(table);
    }

    private bool IsHere(ColumnSource column)
    {
        for (var i = Level; i < _reads.Count; i++)
            if (ReferenceEquals(_reads[i].Relation, column.Relation))
                return true;
        return false;
    }

    private static ColumnSource? ColumnOf(Flow flow) => flow is { Derivation: Derivation.Copy, IsMixed: false, Sources.Columns: [var only] } ? only : null;
}
