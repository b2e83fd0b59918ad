namespace Proxy.Core.Sql.Syntax;

/// <summary>A query used as a value.</summary>
public sealed class SubqueryExpression : Expression
{
    public required SubqueryForm Form { get; init; }
    public required Query Query { get; init; }

    /// <summary>The left side of ANY, ALL, IN.</summary>
    public Expression? Test { get; init; }

    /// <summary>The operator of ANY and ALL; "=" for IN.</summary>
    public QualifiedName? Operator { get; init; }
}
