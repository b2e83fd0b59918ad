namespace Proxy.Core.Sql.Syntax;

/// <summary>WHEN … THEN ….</summary>
public sealed class ConditionalArm : SyntaxNode
{
    public required Expression When { get; init; }
    public required Expression Then { get; init; }
}
