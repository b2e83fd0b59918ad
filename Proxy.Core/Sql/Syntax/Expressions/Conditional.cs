using System.Collections.Immutable;

namespace Proxy.Core.Sql.Syntax;

/// <summary>CASE.</summary>
public sealed class Conditional : Expression
{
    /// <summary>CASE operand WHEN value …; null for the searched form.</summary>
    public Expression? Operand { get; init; }
    public required ImmutableArray<ConditionalArm> Arms { get; init; }
    public Expression? Else { get; init; }
}
