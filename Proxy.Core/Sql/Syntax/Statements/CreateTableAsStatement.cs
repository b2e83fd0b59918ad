using System.Collections.Immutable;

namespace Proxy.Core.Sql.Syntax;

/// <summary>CREATE TABLE AS, SELECT INTO, CREATE MATERIALIZED VIEW.</summary>
public sealed class CreateTableAsStatement : Statement
{
    public required QualifiedName Name { get; init; }
    public bool IsTemporary { get; init; }
    public bool IsMaterializedView { get; init; }
    public ImmutableArray<string> Columns { get; init; } = [];

    /// <summary>A query or EXECUTE; null when it has no syntax of its own.</summary>
    public Statement? Inner { get; init; }
}
