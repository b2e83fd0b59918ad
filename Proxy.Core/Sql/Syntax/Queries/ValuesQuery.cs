using System.Collections.Immutable;

namespace Proxy.Core.Sql.Syntax;

/// <summary>VALUES (…), (…).</summary>
public sealed class ValuesQuery : Query
{
    public required ImmutableArray<ImmutableArray<Expression>> Rows { get; init; }

    /// <summary>In dialects that take them from the first row; empty where they are counted.</summary>
    public ImmutableArray<string> ColumnNames { get; init; } = [];
}
