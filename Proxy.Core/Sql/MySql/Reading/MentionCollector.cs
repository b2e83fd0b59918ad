using System.Collections.Immutable;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.MySql.Reading;

/// <summary>Collects what the tree of one statement mentions. Recursive: the parser has bounded the depth.</summary>
internal sealed class MentionCollector
{
    private const string Star = "*";

    private readonly List<string> _commonTables = [];
    private int _doubtful;

    public MentionSet<RelationMention> Relations { get; } = new();

    public MentionSet<QualifiedName> Functions { get; } = new();

    public MentionSet<QualifiedName> Operators { get; } = new();

    public MentionSet<QualifiedName> Types { get; } = new();

    public MentionSet<string> Columns { get; } = new();

    public MentionSet<string> StoredColumns { get; } = new();

    public MentionSet<string> MaskLikeLiterals { get; } = new();

    public List<int> Parameters { get; } = [];

    /// <summary>The innermost SELECT around what is looked at.</summary>
    public SelectQuery? Selecting { get; set; }

    /// <summary>Why the tree does not tell everything; null when it does.</summary>
    public string? OpaqueBecause { get; private set; }

    public bool IsOverfull =>
        Relations.IsOverfull || Functions.IsOverfull || Operators.IsOverfull || Types.IsOverfull || Columns.IsOverfull || StoredColumns.IsOverfull
        || MaskLikeLiterals.IsOverfull;

    public void Clear()
    {
        _commonTables.Clear();
        _doubtful = 0;
        Selecting = null;
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

    /// <summary>A name that WITH defines around it is no relation. It has no case there, whatever names of tables have.</summary>
    public void Relation(QualifiedName name, bool isWritten)
    {
        if (!isWritten && name.Schema is null && IsCommon(name.Name)) return;
        Relations.Add(new RelationMention(name, isWritten));
    }

    /// <summary>
    /// Common tables of a WITH within the scope of another: whether they see those further out, or relations of these names, depends in MariaDB on where the inner
    /// WITH stands [ran].
    /// </summary>
    /// <param name="mark">Those before it are further out.</param>
    /// <returns>What was so before.</returns>
    public int Doubt(int mark)
    {
        int before = _doubtful;
        _doubtful = mark;
        return before;
    }

    private bool IsCommon(string name)
    {
        int nearest = _commonTables.FindLastIndex(common => string.Equals(common, name, StringComparison.OrdinalIgnoreCase));
        if (nearest >= 0 && nearest < _doubtful) Opaque("a common table that names another one further out");
        return nearest >= _doubtful && nearest >= 0;
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
