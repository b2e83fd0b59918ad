namespace Proxy.Core.Sql.Syntax;

/// <summary>What the front end does not understand: it may read anything.</summary>
public sealed class OpaqueExpression : Expression
{
    /// <summary>The grammar's name of the node.</summary>
    public required string Because { get; init; }
}
