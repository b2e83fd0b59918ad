using System.Collections.Immutable;

namespace Proxy.Core.Sql.Syntax;

/// <summary>VALUES (…), (…).</summary>
public sealed class ValuesQuery : Query
{
    public required ImmutableArray<ImmutableArray<Expression>> Rows { get; init; }
}
