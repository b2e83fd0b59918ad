namespace Proxy.Core.Sql.Syntax;

/// <summary>A constant that the client wrote. What it says may be PHI that the client knows: it does not print.</summary>
public sealed class Literal : Expression
{
    /// <summary>The value after unescaping, without quotes; null for NULL. In the place of a long one may be what equal values alone have in common.</summary>
    public string? Value { get; init; }

    public required LiteralKind Kind { get; init; }

    public override string ToString() => $"{Kind} literal";
}
