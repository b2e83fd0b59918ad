namespace Proxy.Core.Sql.Postgres.Reading;

/// <summary>What the walk over one statement has found so far, and the walk's own stacks. Used again for each statement.</summary>
internal sealed class Mentions
{
    public MentionSet<RelationMention> Relations { get; } = new();

    /// <summary>Names and aliases under which relations are known: a column reference that is one of them means a whole row.</summary>
    public MentionSet<string> RowNames { get; } = new();

    public MentionSet<QualifiedName> Functions { get; } = new();

    public MentionSet<QualifiedName> Operators { get; } = new();

    public MentionSet<QualifiedName> Types { get; } = new();

    public MentionSet<SettingMention> Settings { get; } = new();

    public MentionSet<string> Columns { get; } = new();

    public MentionSet<string> Attributes { get; } = new();

    public MentionSet<string> Fields { get; } = new();

    public MentionSet<string> StoredColumns { get; } = new();

    public MentionSet<string> MaskLikeLiterals { get; } = new();

    public List<int> Parameters { get; } = [];

    /// <summary>Of all statements inside and the statement's own, plain selects excluded; CreateTableAs for SELECT … INTO.</summary>
    public HashSet<StatementKind> Kinds { get; } = [];

    public Stack<WalkContext> Contexts { get; } = new();

    public List<WithScope> Scopes { get; } = [];

    public int MinimumServerVersion { get; private set; }

    public string? OpaqueBecause { get; private set; }

    public bool IsOverfull =>
        Relations.IsOverfull || RowNames.IsOverfull || Functions.IsOverfull || Operators.IsOverfull || Types.IsOverfull
        || Settings.IsOverfull || Columns.IsOverfull || Attributes.IsOverfull || Fields.IsOverfull || StoredColumns.IsOverfull || MaskLikeLiterals.IsOverfull;

    /// <summary>The first reason stays.</summary>
    public void Opaque(string reason) => OpaqueBecause ??= reason;

    public void RequireServer(int majorVersion) => MinimumServerVersion = Math.Max(MinimumServerVersion, majorVersion);

    public void Clear()
    {
        Relations.Clear();
        RowNames.Clear();
        Functions.Clear();
        Operators.Clear();
        Types.Clear();
        Settings.Clear();
        Columns.Clear();
        Attributes.Clear();
        Fields.Clear();
        StoredColumns.Clear();
        MaskLikeLiterals.Clear();
        Parameters.Clear();
        Kinds.Clear();
        Contexts.Clear();
        Scopes.Clear();
        MinimumServerVersion = 0;
        OpaqueBecause = null;
    }
}
