namespace Proxy.Core.Catalogue.Facts;

/// <summary>
/// A function, or an operator of a user, that the definition of a view or materialised view calls. Read from the rule's own tree, because
/// pg_depend does not record the functions of pg_catalog.
/// </summary>
public readonly record struct ViewCallFact(uint RelationOid, string Schema, string Name, string? Extension);
