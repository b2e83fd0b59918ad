using System.Collections.Immutable;

namespace Proxy.Core.Sql.Syntax;

/// <summary>Expressions that are computed for what they do, and answered by nothing: DO, SET of variables.</summary>
public sealed class EvaluateStatement : Statement
{
    public required ImmutableArray<Expression> Expressions { get; init; }
}
