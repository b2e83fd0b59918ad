using System.Runtime.Intrinsics;
using Proxy.Core.Journal.Records;
using Proxy.Core.Masking;

namespace Proxy.Core.Journal.Subjects;

/// <summary>
/// Collects whose rows one answer of a session holds, until its outcome takes them into the record. Sees values before they are masked, keeps codes
/// only, and allocates nothing for a row. One for each session; owned by the reply relay.
/// </summary>
/// <param name="coder">Makes the codes.</param>
/// <param name="max">How many different codes of one kind are kept for one answer.</param>
public sealed class SubjectCollector(SubjectCoder coder, int max)
{
    private readonly CmacBatch _cmac = new();
    private readonly List<SubjectSet> _sets = [];
    private KeyDomain[] _domains = [];
    private SubjectPlan? _plan;

    /// <summary>Rows that were looked at.</summary>
    public long Rows { get; private set; }

    /// <summary>Rows that could not be looked at, or whose key was of a type that has no codes.</summary>
    public long UnreadRows { get; private set; }

    /// <summary>Rows by this plan follow.</summary>
    public void Begin(SubjectPlan plan)
    {
        if (ReferenceEquals(plan, _plan))
            return;
        _plan = plan;
        _domains = new KeyDomain[plan.Kinds.Length];
        for (var i = 0; i < _domains.Length; i++)
            _domains[i] = coder.DomainOf(plan.Kinds[i]);
        while (_sets.Count < _domains.Length)
            _sets.Add(new SubjectSet(max));
    }

    public void AddRow() => Rows++;

    public void AddRows(int count) => Rows += count;

    public void AddUnreadRow() => UnreadRows++;

    /// <summary>False when the value has no code.</summary>
    public bool TryAdd(in SubjectColumn column, ReadOnlySpan<byte> value)
    {
        var set = _sets[column.Kind];
        // The record says already that there were more.
        if (set.IsCapped)
            return true;
        if (!SubjectCoder.TryCode(_domains[column.Kind], column, value, out var code))
            return false;
        set.Add(code);
        return true;
    }

    /// <summary>Several rows at a time; only for columns of which <see cref="SubjectCoder.CodesBytes"/> is true.</summary>
    /// <param name="column">The column.</param>
    /// <param name="memory">Where its values lie.</param>
    /// <param name="values">Up to 16.</param>
    public void AddEach(in SubjectColumn column, ReadOnlySpan<byte> memory, ReadOnlySpan<ValueRange> values)
    {
        var set = _sets[column.Kind];
        if (set.IsCapped)
            return;
        var codes = _cmac.Of(_domains[column.Kind], ValueTag.Text, memory, values);
        // Codes of a key that is gone would tell who it is.
        if (_domains[column.Kind].IsDisposed)
            return;
        set.Fetch(codes);
        for (var i = 0; i < values.Length; i++)
            if (!values[i].IsNull) // NULL is nobody's.
                set.Add(codes[i].AsUInt64()[0]);
    }

    /// <summary>
    /// Writes a record for each kind, and begins anew. To be called before the outcome is written; false when a record could not be: then the outcome must
    /// not be either, because it would say that the record is whole.
    /// </summary>
    public bool Conclude(IJournal journal, Guid sessionId, long statement)
    {
        if (_plan is not { } plan || Rows + UnreadRows == 0)
            return true;
        var isWhole = true;
        for (var i = 0; i < plan.Kinds.Length; i++)
        {
            var set = _sets[i];
            isWhole &= journal.TryAppend(
                new SubjectsRecord
                {
                    SessionId = sessionId,
                    Statement = statement,
                    SubjectKind = plan.Kinds[i],
                    Rows = Rows,
                    UnreadRows = UnreadRows,
                    IsCapped = set.IsCapped,
                    Codes = set.Codes,
                },
                out _);
            set.Clear();
        }
        Rows = UnreadRows = 0;
        return isWhole;
    }

    public override string ToString() => $"{nameof(SubjectCollector)} of {Rows} rows";
}
