namespace Proxy.Core.Sql.Syntax;

/// <summary>A bound parameter, counted from 1.</summary>
public sealed class Parameter : Expression
{
    public required int Number { get; init; }
}
