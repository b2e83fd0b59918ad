namespace Proxy.Core.Sql.Syntax;

/// <summary>A query by itself.</summary>
public sealed class QueryStatement : Statement
{
    public required Query Query { get; init; }
}
