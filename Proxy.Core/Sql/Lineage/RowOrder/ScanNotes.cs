using System.Collections.Immutable;
using Proxy.Core.Catalogue;
using Proxy.Core.Masking.Postgres;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.Lineage.RowOrder;

/// <summary>
/// What an analysis notes of the order in which rows are found. Little is kept before something is read that an index sorts by PHI: what decides about
/// rows is analysed behind what they are read from.
/// </summary>
internal sealed class ScanNotes
{
    /// <summary>What is beyond these costs more than it is worth: then every order counts.</summary>
    private const int ReadsMax = 256;
    private const int ChoicesMax = 64;
    private const int FactsMax = 1024;

    private readonly List<(CatalogueRelation Relation, SyntaxNode Place)> _reads = [];
    private readonly Dictionary<CatalogueRelation, SyntaxNode> _places = [];
    private readonly HashSet<CatalogueRelation> _sorted = [];
    private readonly HashSet<CatalogueRelation> _repeated = [];
    private readonly HashSet<CatalogueRelation> _uncertain = [];
    private readonly HashSet<CatalogueRelation> _nullable = [];
    private readonly HashSet<CatalogueRelation> _behind = [];
    private readonly List<CatalogueRelation> _shown = [];
    private readonly HashSet<ColumnSource> _decisive = [];
    private readonly HashSet<ColumnSource> _nulls = [];
    private readonly HashSet<ColumnSource> _pinned = [];
    private readonly HashSet<ColumnSource> _known = [];
    private readonly HashSet<(ColumnSource, ColumnSource)> _equal = [];
    private readonly List<OrderedChoice> _choices = [];
    private ScanSnapshot? _now;
    private Dictionary<string, SyntaxNode>? _common;
    private bool _isRepeated;
    private bool _isBeyond;

    /// <summary>Whether anything was read that PHI sorts.</summary>
    public bool IsConcerned { get; private set; }

    /// <summary>
    /// From which read on relations are those of the query whose condition is looked at. What a subquery asks of rows around it does not hold for them: it
    /// may stand beside OR.
    /// </summary>
    public int Level { get; set; }

    /// <summary>
    /// For the condition of an outer join the reads for which NULLs may stand: rows that do not fulfil it stay. Empty where both sides may be missing.
    /// </summary>
    public (int From, int To)? OuterSide { get; set; }

    /// <summary>By what the rows of the query that was analysed last are ordered.</summary>
    public ImmutableArray<ColumnSource> LastOrder { get; private set; } = [];

    /// <summary>Whether rows that are read are stored, as new ones or anew: their numbers and places follow the order in which they were found.</summary>
    public bool IsStored { get; set; }

    /// <summary>Whether something that is asked of rows can fail: then it shows which of them were looked at.</summary>
    public bool MayFail { get; set; }

    /// <summary>How much was read so far: for <see cref="Fold"/> and <see cref="MakesNulls"/>.</summary>
    public (int Shown, int Reads) Mark => (_shown.Count, _reads.Count);

    /// <summary>A relation is read at a place in the text.</summary>
    /// <param name="relation">The relation.</param>
    /// <param name="place">The place.</param>
    /// <param name="isUncertain">Whether it may be read several times, or not at all: in the body of a function, or one of several of that name.</param>
    public void Read(CatalogueRelation relation, SyntaxNode place, bool isUncertain)
    {
        LastOrder = [];
        Add(relation, place, isUncertain, isShown: !relation.Indexes.IsEmpty);
        // Which of its columns stand together is not known of what has no facts of its own.
        _repeated.UnionWith(relation.RepeatedBehind);
        foreach (var table in relation.Behind)
        {
            if (relation.Scans is null || !relation.Scans.Single.Contains(table))
                _behind.Add(table);
            if (relation.Scans is null || !relation.Scans.Last.Shown.Contains(table))
                Add(table, place, isUncertain, isShown: false);
        }
        if (relation.Scans is { } view)
            ReadView(view, place, isUncertain);
    }

    private void ReadView(ScanFacts view, SyntaxNode place, bool isUncertain)
    {
        IsConcerned = true;
        _sorted.UnionWith(view.Sorted);
        _isBeyond |= view.IsBeyond;
        foreach (var table in view.Last.Shown)
        {
            if (!view.Single.Contains(table))
                _behind.Add(table);
            Add(table, place, isUncertain, isShown: true);
        }
        foreach (var single in view.Single)
            if (!view.Last.Shown.Contains(single))
                Add(single, place, isUncertain, isShown: false);
        _repeated.UnionWith(view.Repeated);
        _isRepeated |= view.IsRepeated;
        if (_isBeyond)
            return;
        _decisive.UnionWith(view.Decisive);
        _nulls.UnionWith(view.Last.Nulls);
        _pinned.UnionWith(view.Last.Pinned);
        _known.UnionWith(view.Last.Known);
        _equal.UnionWith(view.Last.Equal);
        Changed();
        foreach (var choice in view.Choices)
            Add(choice);
        LastOrder = isUncertain ? [] : view.Order;
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

    /// <summary>Whether the column is of something that was read since.</summary>
    public bool IsOf(ColumnSource column, (int Shown, int Reads) since, (int Shown, int Reads) until) => IsOf(column, since.Reads, until.Reads);

    /// <summary>The order of the rows of what was read since is gone: one row is made of them, or one for each group.</summary>
    public void Fold((int Shown, int Reads) since)
    {
        if (_shown.Count <= since.Shown)
            return;
        _shown.RemoveRange(since.Shown, _shown.Count - since.Shown);
        _now = null;
    }

    /// <summary>The value decides about rows, whether it is PHI or not.</summary>
    public void Decides(Flow flow)
    {
        MayFail |= flow.MayFail;
        if (!IsConcerned || _isBeyond)
            return;
        _decisive.UnionWith(flow.Sources.Columns);
        _decisive.UnionWith(flow.Counted.Columns);
    }

    /// <summary>There are only rows in which the value is NULL.</summary>
    public void IsNull(Flow flow)
    {
        if (!IsConcerned)
            return;
        if (OuterSide is null && ColumnOf(flow) is { } column && IsHere(column))
        {
            if (_nulls.Add(column))
                Changed();
        }
        else
            Decides(flow);
    }

    /// <summary>There are only rows in which the value is one that the client says, or one of several.</summary>
    public void Pins(Flow flow, bool isOne)
    {
        if (!IsConcerned)
            return;
        if (OuterSide is not null || ColumnOf(flow) is not { } column || !IsHere(column))
        {
            Decides(flow);
            return;
        }
        if (_known.Add(column) | (isOne && _pinned.Add(column)))
            Changed();
    }

    /// <summary>
    /// There are only rows in which both values are equal. Behind an outer join one side may be missing: then it follows from the other, and that not
    /// from it.
    /// </summary>
    public void Equates(Flow left, Flow right)
    {
        if (!IsConcerned || _isBeyond || ColumnOf(left) is not { } a || ColumnOf(right) is not { } b || !AreOfOneType(a.Column, b.Column))
            return;
        if (Follows(a, b) && _equal.Add((a, b)))
            Changed();
        if (Follows(b, a) && _equal.Add((b, a)))
            Changed();
    }

    /// <summary>Whether rows that are alike in these columns are the same row of the table, as far as what was read up to here goes.</summary>
    public bool TellsApart(ImmutableArray<ColumnSource> order, CatalogueRelation table, LineageRun run) =>
        !_isBeyond && !_isRepeated && !_repeated.Contains(table) && !_uncertain.Contains(table)
        && new RowKeys(new OrderedChoice(order, _now ??= Snapshot()), [], run).TellApart(table);

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
        if (_shown.Count > 0 && !_isBeyond)
            Add(new OrderedChoice(order, _now ??= Snapshot()));
    }

    public static ImmutableArray<ColumnSource> ColumnsOf(IEnumerable<Flow> order) => [.. order.Select(ColumnOf).OfType<ColumnSource>().Distinct()];

    /// <summary>Null where nothing that PHI sorts shows or decides anything.</summary>
    public ScanFacts? Facts()
    {
        if (_shown.Count == 0 && _choices.Count == 0 && !_isBeyond)
            return null;
        bool IsRepeated(CatalogueRelation table) => _isRepeated || _repeated.Contains(table);
        bool IsUncertain(CatalogueRelation table) => IsRepeated(table) || _uncertain.Contains(table);
        var certain = new Dictionary<ScanSnapshot, ScanSnapshot>(ReferenceEqualityComparer.Instance);
        ScanSnapshot Certain(ScanSnapshot snapshot) =>
            certain.TryGetValue(snapshot, out var known) ? known : certain[snapshot] = snapshot.Without(IsRepeated, IsUncertain);
        return new ScanFacts
        {
            Sorted = [.. _sorted],
            Single = [.. _places.Keys.Where(table => !_nullable.Contains(table) && !_behind.Contains(table) && !IsUncertain(table))],
            Repeated = [.. _repeated, .. _uncertain],
            IsRepeated = _isRepeated,
            IsBeyond = _isBeyond,
            // What one of the readings is asked for can be sought in the others' indexes, too.
            Decisive = [.. _decisive.Concat(_nulls.Concat(_known).Where(column => IsRepeated(column.Relation))).Distinct()],
            Choices = [.. _choices.Select(choice => new OrderedChoice(choice.Order.RemoveAll(column => IsUncertain(column.Relation)), Certain(choice.At)))],
            Last = Certain(_now ??= Snapshot()),
            Order = LastOrder.RemoveAll(column => IsUncertain(column.Relation)),
        };
    }

    private ScanSnapshot Snapshot() => new()
    {
        Shown = [.. _shown.Distinct()],
        Nulls = [.. _nulls],
        Pinned = [.. _pinned],
        Known = [.. _known],
        Equal = [.. _equal],
    };

    private void Changed()
    {
        _now = null;
        _isBeyond |= _nulls.Count + _known.Count + _equal.Count > FactsMax;
    }

    private void Add(OrderedChoice choice)
    {
        foreach (var known in _choices)
            if (ReferenceEquals(known.At, choice.At) && known.Order.SequenceEqual(choice.Order))
                return;
        if (_choices.Count < ChoicesMax)
            _choices.Add(choice);
        else
            _isBeyond = true;
    }

    private void Add(CatalogueRelation table, SyntaxNode place, bool isUncertain, bool isShown)
    {
        if (!table.Indexes.IsEmpty)
        {
            IsConcerned = true;
            _sorted.Add(table);
        }
        _isBeyond |= _reads.Count >= ReadsMax;
        if (_isBeyond)
            return;
        if (isShown)
        {
            _shown.Add(table);
            _now = null;
        }
        if (isUncertain)
            _uncertain.Add(table);
        if (!_places.TryAdd(table, place) && !ReferenceEquals(_places[table], place))
            _repeated.Add(table);
        _reads.Add((table, place));
    }

    /// <summary>Between others several values can be equal to one: whole numbers of eighteen digits to one floating point number.</summary>
    private static bool AreOfOneType(CatalogueColumn a, CatalogueColumn b) =>
        a.TypeOid == b.TypeOid || (IsInteger(a.TypeOid) && IsInteger(b.TypeOid)) || (IsText(a.TypeOid) && IsText(b.TypeOid));

    private static bool IsInteger(uint type) => type is PostgresTypeOid.Int2 or PostgresTypeOid.Int4 or PostgresTypeOid.Int8;

    private static bool IsText(uint type) => type is PostgresTypeOid.Text or PostgresTypeOid.Varchar;

    /// <summary>Whether the second is known where the first is.</summary>
    private bool Follows(ColumnSource known, ColumnSource other) => !_nullable.Contains(known.Relation)
        && (OuterSide is { } side ? IsOf(other, side.From, side.To) && !IsOf(known, side.From, side.To) : IsHere(other));

    private bool IsHere(ColumnSource column) => IsOf(column, Level, _reads.Count);

    private bool IsOf(ColumnSource column, int from, int to)
    {
        for (var i = from; i < to; i++)
            if (ReferenceEquals(_reads[i].Relation, column.Relation))
                return true;
        return false;
    }

    /// <summary>The column whose value it is in every row; null where there is none.</summary>
    public static ColumnSource? ColumnOf(Flow flow) =>
        flow is { Derivation: Derivation.Copy, IsMixed: false, MayBeAnother: false, Sources.Columns: [var only] } ? only : null;
}
