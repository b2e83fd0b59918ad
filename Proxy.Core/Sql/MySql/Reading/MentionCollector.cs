using System.Collections.Immutable;

namespace Proxy.Core.Sql.MySql.Reading;

/// <summary>Collects what the tree of one statement mentions. Recursive: the parser has bounded the depth.</summary>
internal sealed class MentionCollector
{
    private const string Star = "*";

    private readonly List<string> _commonTables = [];

    public MentionSet<RelationMention> Relations { get; } = new();

    public MentionSet<QualifiedName> Functions { get; } = new();

    public MentionSet<QualifiedName> Operators { get; } = new();

    public MentionSet<QualifiedName> Types { get; } = new();

    public MentionSet<string> Columns { get; } = new();

    public MentionSet<string> StoredColumns { get; } = new();

    public MentionSet<string> MaskLikeLiterals { get; } = new();

    public List<int> Parameters { get; } = [];

    /// <summary>Why the tree does not tell everything; null when it does.</summary>
    public string? OpaqueBecause { get; private set; }

    public bool IsOverfull =>
        Relations.IsOverfull || Functions.IsOverfull || Operators.IsOverfull || Types.IsOverfull || Columns.IsOverfull || StoredColumns.IsOverfull
        || MaskLikeLiterals.IsOverfull;

    public void Clear()
    {
        _commonTables.Clear();
        Relations.Clear();
        Functions.Clear();
        Operators.Clear();
        Types.Clear();
        Columns.Clear();
        StoredColumns.Clear();
        MaskLikeLiterals.Clear();
        Parameters.Clear();
        OpaqueBecause = null;
    }

    public void Opaque(string reason) => OpaqueBecause ??= reason;

    public void Column(string name, bool isStored)
    {
        Columns.Add(name);
        if (isStored) StoredColumns.Add(name);
    }

    public void Operator(QualifiedName name) => Operators.Add(name);

    public void Literal(string value)
    {
        if (value.Contains("pt_", StringComparison.Ordinal) || value.Contains("****", StringComparison.Ordinal)
            || value.Contains("<masked", StringComparison.Ordinal))
        {
            MaskLikeLiterals.Add(value);
        }
    }

    /// <summary>A name that WITH defines around it is no relation.</summary>
    public void Relation(QualifiedName name, bool isWritten)
    {
        if (!isWritten && name.Schema is null && _commonTables.Contains(name.Name)) return;
        Relations.Add(new RelationMention(name, isWritten));
    }

    /// <summary>
    /// Names that a WITH clause defines, until <see cref="Leave"/>. Without RECURSIVE a name means a relation in its own body and before.
    /// </summary>
    public int Enter(string name)
    {
        _commonTables.Add(name);
        return _commonTables.Count;
    }

    public int Mark() => _commonTables.Count;

    public void Leave(int mark) => _commonTables.RemoveRange(mark, _commonTables.Count - mark);

    /// <summary>Names of columns that stand for any: stars, NATURAL.</summary>
    public void AnyColumn(bool isStored) => Column(Star, isStored);

    public void Names(ImmutableArray<string> columns, bool isStored)
    {
        foreach (string column in columns) Column(column, isStored);
    }
}
