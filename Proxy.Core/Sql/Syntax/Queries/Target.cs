namespace Proxy.Core.Sql.Syntax;

/// <summary>An entry of a select list or of RETURNING.</summary>
public sealed class Target : SyntaxNode
{
    public required Expression Value { get; init; }

    /// <summary>The name given with AS; null when none was given.</summary>
    public string? Alias { get; init; }

    /// <summary>The name where none was given, in dialects that take it from the text; null where it follows from the expression.</summary>
    public string? DefaultName { get; init; }
}
