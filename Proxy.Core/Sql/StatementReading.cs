using System.Collections.Immutable;

namespace Proxy.Core.Sql;

/// <summary>
/// One statement as first read: what it is and which names it mentions anywhere, subqueries and CTE bodies included.
/// Immutable and shared between sessions through the analysis cache. Holds names from the text, but never literals of queries.
/// </summary>
public sealed record StatementReading
{
    public required StatementKind Kind { get; init; }

    /// <summary>Where the statement begins in the analysed text, in bytes, leading white space and comments excluded.</summary>
    public required int Start { get; init; }

    /// <summary>Length in bytes, the terminating semicolon excluded.</summary>
    public required int Length { get; init; }

    /// <summary>How many commas the text has: one less than a bound on how long a list of values in it can be. Null where nobody counted.</summary>
    public int? Commas { get; init; }

    /// <summary>Every relation named, each once per name and direction.</summary>
    public ImmutableArray<RelationMention> Relations { get; init; } = [];

    /// <summary>Every function called by name, those that the grammar spells as syntax included (for example pg_catalog.overlay).</summary>
    public ImmutableArray<QualifiedName> Functions { get; init; } = [];

    /// <summary>Every operator used, by its symbol.</summary>
    public ImmutableArray<QualifiedName> Operators { get; init; } = [];

    /// <summary>Every type named in a cast, a column definition or a typed literal.</summary>
    public ImmutableArray<QualifiedName> Types { get; init; } = [];

    /// <summary>
    /// Types of users (pg_type.oid) that a client gave its parameters in Parse: no text names them, and what comes in a Bind is read by their code.
    /// </summary>
    public ImmutableArray<uint> ParameterTypes { get; init; } = [];

    public ImmutableArray<SettingMention> Settings { get; init; } = [];

    /// <summary>
    /// Names used in attribute notation (<c>a.x</c>, <c>(a).x</c>). Where the row has no column of that name, the server calls the function of
    /// that name with the row: a name that is no column is to be judged as a function. Each is in <see cref="Columns"/> too.
    /// </summary>
    public ImmutableArray<string> Attributes { get; init; } = [];

    /// <summary>
    /// Those of <see cref="Attributes"/> that select from a value, <c>(x).f</c>, which need not be a row: for a number the server calls the
    /// function <c>f</c> with it [ran: <c>(1).abs</c>], or casts to the type <c>f</c>.
    /// </summary>
    public ImmutableArray<string> Fields { get; init; } = [];

    /// <summary>
    /// Every column named anywhere: the last name of each column reference, every field selected from a value, and the names in USING; each
    /// once. "*" stands for whatever names columns without naming them: a star over a relation, a relation's name or alias used as a value, a
    /// list of column aliases on a relation, NATURAL. Default, not empty, when the reader did not collect them: then any column may be meant.
    /// </summary>
    public ImmutableArray<string> Columns { get; init; }

    /// <summary>
    /// Names of columns (or whole rows: a relation's name or alias, or "*") whose values the statement stores: sources of INSERT, the right
    /// sides of SET, the select list of CREATE TABLE AS. Empty when it stores only literals and parameters.
    /// </summary>
    public ImmutableArray<string> StoredColumns { get; init; } = [];

    /// <summary>The number of each parameter, as often as it stands in the text.</summary>
    public ImmutableArray<int> Parameters { get; init; } = [];

    /// <summary>Those literals, few and short, that may be or hold a masked value: only the key tells. They do not print.</summary>
    public ImmutableArray<string> MaskLikeLiterals { get; init; } = [];

    /// <summary>
    /// The prepared statement, cursor, savepoint, channel or two-phase transaction that the statement is about, for DISCARD one of all, plans,
    /// sequences, temp; null where there is none or where it means all.
    /// </summary>
    public string? ObjectName { get; init; }

    /// <summary>
    /// The statement inside PREPARE, EXPLAIN, DECLARE CURSOR, COPY (query) or CREATE TABLE AS; its mentions are also in this reading's
    /// lists, and its place is given as the outer one's. SELECT … INTO, which is CREATE TABLE AS, has none.
    /// </summary>
    public StatementReading? Inner { get; init; }

    /// <summary>For COPY … TO STDOUT: of what, and how it is written.</summary>
    public CopyReading? Copy { get; init; }

    /// <summary>
    /// Whether it is a PREPARE of a query or of a change of rows, which alter nothing of what later texts mean. PostgreSQL knows no other; MySQL prepares SET
    /// and DDL, too, and texts that nobody can read here.
    /// </summary>
    public bool PreparesQuery => Kind is StatementKind.Prepare
        && Inner is { Kind: StatementKind.Select or StatementKind.Insert or StatementKind.Update or StatementKind.Delete or StatementKind.Merge };

    /// <summary>True for DECLARE … WITH HOLD.</summary>
    public bool IsHoldable { get; init; }

    /// <summary>True for COMMIT AND CHAIN and ROLLBACK AND CHAIN.</summary>
    public bool IsChained { get; init; }

    /// <summary>
    /// The kinds of all statements inside at any depth, plain selects excluded: a SELECT whose WITH holds a DELETE has Delete here.
    /// </summary>
    public ImmutableArray<StatementKind> NestedKinds { get; init; } = [];

    /// <summary>
    /// The oldest major version of the server that reads the statement as this reader did; 0 for all supported ones. An older server may take
    /// the same bytes for something else and must not get them.
    /// </summary>
    public int MinimumServerVersion { get; init; }

    /// <summary>True for BEGIN READ ONLY and for EXPLAIN without ANALYZE.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>Why the reader could not account for everything the statement may do (an unknown node, dynamic code); null when it could.</summary>
    public string? OpaqueBecause { get; init; }

    /// <summary>Names in the statement that the server may take for others that are different here: where the catalogue has such a one, nobody knows what is meant.</summary>
    public ImmutableArray<string> OddNames { get; init; } = [];

    /// <summary>Whether it runs what a name stands for: EXECUTE, also inside EXPLAIN, and FETCH. What that is can be another thing each time.</summary>
    public bool RunsNamed => Kind is StatementKind.Execute or StatementKind.Fetch || Inner is { RunsNamed: true };

    /// <summary>
    /// What the statement says, as far as lineage needs it; null for kinds that have no rows and store none, and for what the front end could not
    /// build (too deep, an unknown node outside an expression): then nothing is known but the mentions above.
    /// </summary>
    public Syntax.Statement? Syntax { get; init; }

    /// <summary>About how many bytes of memory <see cref="Syntax"/> takes, those of <see cref="Inner"/>'s included.</summary>
    public int SyntaxBytes { get; init; }

    public override string ToString() => $"{Kind} at {Start}+{Length}";
}
