namespace Proxy.Core.Sql.Syntax;

/// <summary>PREPARE name AS statement.</summary>
public sealed class PrepareStatement : Statement
{
    public required string Name { get; init; }
    public Statement? Inner { get; init; }
}
