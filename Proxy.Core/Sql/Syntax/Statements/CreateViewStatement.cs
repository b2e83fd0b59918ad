using System.Collections.Immutable;

namespace Proxy.Core.Sql.Syntax;

/// <summary>CREATE [OR REPLACE] VIEW.</summary>
public sealed class CreateViewStatement : Statement
{
    public required QualifiedName Name { get; init; }
    public bool IsTemporary { get; init; }
    public ImmutableArray<string> Columns { get; init; } = [];
    public required Query Query { get; init; }
}
