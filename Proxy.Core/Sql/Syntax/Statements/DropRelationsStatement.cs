using System.Collections.Immutable;

namespace Proxy.Core.Sql.Syntax;

/// <summary>DROP TABLE, DROP VIEW and their like.</summary>
public sealed class DropRelationsStatement : Statement
{
    public required ImmutableArray<QualifiedName> Names { get; init; }
    public bool Cascades { get; init; }
}
