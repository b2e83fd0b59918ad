namespace Proxy.Core.Sql.Syntax;

/// <summary>A conversion to a named type: CAST, ::, or a typed literal.</summary>
public sealed class Cast : Expression
{
    public required Expression Argument { get; init; }
    public required QualifiedName Type { get; init; }
    public bool IsArray { get; init; }
}
