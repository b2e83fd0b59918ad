namespace Proxy.Core.Catalogue.Facts;

/// <summary>A type that is made of others; exactly one of the last three is not 0.</summary>
/// <param name="BaseTypeOid">For a domain.</param>
/// <param name="ElementTypeOid">For an array.</param>
/// <param name="RelationOid">For a composite type: its row in pg_class.</param>
public readonly record struct TypeShapeFact(uint TypeOid, uint BaseTypeOid, uint ElementTypeOid, uint RelationOid);
