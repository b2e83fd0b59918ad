using Proxy.Core.Sql.Lineage.RowOrder;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.Lineage;

/// <summary>What an analysis finds on its way, besides the flow of each value.</summary>
internal sealed class LineageCollector
{
    /// <summary>Beyond this many a statement is not worth listing further; it is opaque then.</summary>
    private const int EntriesMax = 100_000;

    private readonly HashSet<ColumnSource> _reads = [];
    private readonly List<ConditionFlow> _conditions = [];
    private readonly HashSet<(ConditionForm, SourceSet, bool)> _knownConditions = [];
    private readonly HashSet<ColumnSource> _ordered = [];
    private readonly List<ColumnWrite> _writes = [];
    private readonly List<ValueUse> _uses = [];
    private readonly List<string> _findings = [];
    private readonly SortedSet<int> _textParameters = [];
    private HashSet<Call>? _aggregates;

    public bool IsOpaque { get; private set; }

    /// <summary>In which order rows are found.</summary>
    public ScanNotes Scans { get; } = new();

    public IEnumerable<ColumnSource> Reads => _reads;

    public void Read(ColumnSource column) => _reads.Add(column);

    /// <summary>PHI in the flow decides something. A flow without PHI decides nothing that matters.</summary>
    public void Condition(ConditionForm form, Flow flow, int position)
    {
        // For the others their analysers know whether it is certain.
        if (form is ConditionForm.Other or ConditionForm.Ordering or ConditionForm.Grouping)
            Scans.Decides(flow);
        if (!flow.IsPhi)
            return;
        var isOpaque = flow.Derivation is Derivation.Opaque;
        if (!_knownConditions.Add((form, flow.Sources, isOpaque)))
            return;
        _conditions.Add(new ConditionFlow(form, flow.Sources, position) { IsOpaque = isOpaque });
        if (form is not (ConditionForm.Equality or ConditionForm.NullTest))
            _ordered.UnionWith(flow.Sources.Columns);
    }

    /// <summary>Whether the column decides in a way that tells its order already.</summary>
    public bool IsDecidedBy(ColumnSource column) => _ordered.Contains(column);

    public void Write(ColumnWrite write)
    {
        if (HasRoom(_writes.Count))
            _writes.Add(write);
    }

    /// <summary>The client's value is used with every PHI column of the flow.</summary>
    public void Use(Expression value, Flow columns, ValueUseKind kind)
    {
        foreach (var column in columns.Sources.Columns)
            if (column.IsPhi)
                Use(value, column, kind);
    }

    public void Use(Expression value, ColumnSource column, ValueUseKind kind)
    {
        if (value is not (Literal { IsNull: false } or Parameter) || !HasRoom(_uses.Count))
            return;
        _uses.Add(new ValueUse { Literal = value as Literal, Parameter = value is Parameter { Number: var number } ? number : 0, Position = value.Position, Column = column, Kind = kind });
    }

    /// <summary>The parameter is compared with a text that is PHI, and must be one.</summary>
    public void ComparesText(int parameter) => _textParameters.Add(parameter);

    /// <summary>The flow goes where others can see it.</summary>
    public void Export(Flow flow, string finding)
    {
        if (!flow.IsPhi)
            return;
        Exports = true;
        Note(finding);
    }

    /// <summary>Something was not understood that can show, decide or store anything.</summary>
    public void Opaque(string finding)
    {
        IsOpaque = true;
        Note(finding);
    }

    /// <summary>What the client could do instead.</summary>
    public void Suggest(string finding) => Note(finding);

    /// <summary>A name means nothing here: either the server will say so, or the catalogue is old.</summary>
    public void Unresolved(string finding)
    {
        HasUnresolvedNames = true;
        Opaque(finding);
    }

    public bool HasUnresolvedNames { get; private set; }

    /// <summary>Whether the body of a function was followed that returns PHI.</summary>
    public bool FollowsPhi { get; set; }

    public bool Exports { get; private set; }

    /// <summary>Whether PHI is compared with values of the client that nobody lists.</summary>
    public bool ComparesUnlisted { get; set; }

    /// <summary>Whether a column that was read so far is PHI.</summary>
    public bool ReadsPhi => _reads.Any(static column => column.IsPhi || column.Relation.CarriesPhi);

    private void Note(string finding)
    {
        if (_findings.Count < 20 && !_findings.Contains(finding, StringComparer.Ordinal))
            _findings.Add(finding);
    }

    /// <summary>It makes one value of many rows.</summary>
    public void Aggregate(Call call) => (_aggregates ??= []).Add(call);

    public StatementLineage Done(RowShape? outputs, Statement statement, bool keepsScans) => new()
    {
        Outputs = outputs,
        Reads = SourceSet.Of(_reads),
        Conditions = [.. _conditions],
        Writes = [.. _writes],
        Uses = [.. _uses],
        Findings = [.. _findings],
        TextParameters = [.. _textParameters],
        IsOpaque = IsOpaque,
        Exports = Exports,
        ComparesUnlisted = ComparesUnlisted,
        Groups = _aggregates is null ? null : AggregateCalls.Shape(statement, _aggregates),
        HasUnresolvedNames = HasUnresolvedNames,
        Scans = keepsScans && Scans.IsConcerned ? Scans.Facts() : null,
        FollowsPhi = FollowsPhi,
    };

    private bool HasRoom(int count)
    {
        if (count < EntriesMax)
            return true;
        Opaque("more values than are followed");
        return false;
    }
}
