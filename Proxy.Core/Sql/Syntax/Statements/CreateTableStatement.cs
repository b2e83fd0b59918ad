using System.Collections.Immutable;

namespace Proxy.Core.Sql.Syntax;

/// <summary>CREATE TABLE with a list of plain columns. Anything more (LIKE, INHERITS, partitions, defaults that call functions) leaves <see cref="IsPlain"/> false.</summary>
public sealed class CreateTableStatement : Statement
{
    public required QualifiedName Name { get; init; }
    public bool IsTemporary { get; init; }
    public bool IsPlain { get; init; }
    public bool IfNotExists { get; init; }
    /// <summary>PARTITION OF: the table of which it is to be a part.</summary>
    public TableSource? PartOf { get; init; }

    public ImmutableArray<string> Columns { get; init; } = [];
}
