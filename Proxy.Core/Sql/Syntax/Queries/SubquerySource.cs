namespace Proxy.Core.Sql.Syntax;

/// <summary>A query in FROM.</summary>
public sealed class SubquerySource : Source
{
    public required Query Query { get; init; }
    public bool IsLateral { get; init; }
}
