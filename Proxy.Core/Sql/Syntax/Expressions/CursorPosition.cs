namespace Proxy.Core.Sql.Syntax;

/// <summary>WHERE CURRENT OF cursor.</summary>
public sealed class CursorPosition : Expression
{
    public required string Cursor { get; init; }
}
