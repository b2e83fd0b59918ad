namespace Proxy.Core.Sql.Syntax;

/// <summary>Something with a value.</summary>
public abstract class Expression : SyntaxNode;
