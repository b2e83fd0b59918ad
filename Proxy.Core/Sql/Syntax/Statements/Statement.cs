namespace Proxy.Core.Sql.Syntax;

/// <summary>A statement whose meaning is more than its kind and the names it mentions.</summary>
public abstract class Statement : SyntaxNode;
