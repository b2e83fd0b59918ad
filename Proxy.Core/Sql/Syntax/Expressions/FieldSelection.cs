namespace Proxy.Core.Sql.Syntax;

/// <summary>(value).field, or (value).* when <see cref="Field"/> is null.</summary>
public sealed class FieldSelection : Expression
{
    public required Expression Argument { get; init; }
    public string? Field { get; init; }
}
