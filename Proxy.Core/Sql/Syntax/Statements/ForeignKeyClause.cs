using System.Collections.Immutable;

namespace Proxy.Core.Sql.Syntax;

/// <summary>FOREIGN KEY … REFERENCES.</summary>
public sealed class ForeignKeyClause : SyntaxNode
{
    public required ImmutableArray<Expression> Columns { get; init; }
    public required TableSource Referenced { get; init; }

    /// <summary>Empty: the primary key of the referenced table.</summary>
    public ImmutableArray<string> ReferencedColumns { get; init; } = [];
}
