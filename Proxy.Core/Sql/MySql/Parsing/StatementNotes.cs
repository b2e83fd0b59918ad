using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.MySql.Parsing;

/// <summary>What the parser sees of one statement besides its tree. Used again for each statement.</summary>
internal sealed class StatementNotes
{
    public MentionSet<RelationMention> Relations { get; } = new();

    public MentionSet<QualifiedName> Functions { get; } = new();

    public MentionSet<QualifiedName> Types { get; } = new();

    public MentionSet<SettingMention> Settings { get; } = new();

    /// <summary>Lists of expressions while they are read.</summary>
    public ListStack<Expression> Expressions { get; } = new();

    /// <summary>Lists of what is selected while they are read.</summary>
    public ListStack<Target> Targets { get; } = new();

    /// <summary>WHEN … THEN … while they are read.</summary>
    public ListStack<ConditionalArm> Arms { get; } = new();

    /// <summary>Rows of joins while they are read.</summary>
    public ListStack<JoinStep> Joins { get; } = new();

    /// <summary>Survives <see cref="Clear"/>.</summary>
    public NameStrings Names { get; } = new();

    /// <summary>Every name of the statement, once it may have one beyond ASCII; else none, as in nearly all.</summary>
    public HashSet<string> WrittenNames { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether the text has anything beyond ASCII. Survives <see cref="Clear"/>.</summary>
    public bool MayHaveOddNames { get; set; }

    public HashSet<StatementKind> NestedKinds { get; } = [];

    public int Parameters { get; set; }

    public string? ObjectName { get; set; }

    public bool IsChained { get; set; }

    public bool IsReadOnly { get; set; }

    public string? OpaqueBecause { get; private set; }

    /// <summary>The text of PREPARE … FROM 'text'.</summary>
    public string? PreparedText { get; set; }

    /// <summary>The statement inside EXPLAIN or CREATE TABLE AS.</summary>
    public StatementKind InnerKind { get; set; }

    /// <summary>The first reason stays.</summary>
    public void Opaque(string reason) => OpaqueBecause ??= reason;

    public void Clear()
    {
        Relations.Clear();
        Functions.Clear();
        Types.Clear();
        Settings.Clear();
        Expressions.Clear();
        Targets.Clear();
        Arms.Clear();
        Joins.Clear();
        WrittenNames.Clear();
        NestedKinds.Clear();
        Parameters = 0;
        ObjectName = null;
        IsChained = false;
        IsReadOnly = false;
        OpaqueBecause = null;
        PreparedText = null;
        InnerKind = StatementKind.Unknown;
    }
}
