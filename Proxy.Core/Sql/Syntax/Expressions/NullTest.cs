namespace Proxy.Core.Sql.Syntax;

/// <summary>IS [NOT] NULL.</summary>
public sealed class NullTest : Expression
{
    public required Expression Argument { get; init; }
    public bool IsNegated { get; init; }
}
