namespace Proxy.Core.Sql;

/// <summary>A relation that a statement names, and whether it is a target of a write. Names of CTEs in scope are not mentions.</summary>
public readonly record struct RelationMention(QualifiedName Name, bool IsWritten);
