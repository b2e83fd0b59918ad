namespace Proxy.Core.Sql.Syntax;

/// <summary>DECLARE … CURSOR FOR query.</summary>
public sealed class DeclareCursorStatement : Statement
{
    public required string Name { get; init; }
    public required Query Query { get; init; }
}
