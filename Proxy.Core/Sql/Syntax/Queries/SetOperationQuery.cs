namespace Proxy.Core.Sql.Syntax;

/// <summary>UNION, INTERSECT, EXCEPT.</summary>
public sealed class SetOperationQuery : Query
{
    public required SetOperator Operator { get; init; }
    public bool IsAll { get; init; }
    public required Query Left { get; init; }
    public required Query Right { get; init; }
}
