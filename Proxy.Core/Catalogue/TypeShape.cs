namespace Proxy.Core.Catalogue;

/// <summary>What a type is made of, domains and arrays taken off in whatever order they come.</summary>
/// <param name="BaseTypeOid">Of a domain, and of a domain over a domain, the type beneath; of any other type the type itself.</param>
/// <param name="IsArray">Whether a value is an array, or a domain over one.</param>
/// <param name="RowOf">
/// The relation or composite type whose row a value is, or, of an array, each element: an OID for <see cref="CatalogueSnapshot.FindRow"/>. 0 for a scalar.
/// </param>
public readonly record struct TypeShape(uint BaseTypeOid, bool IsArray, uint RowOf)
{
    /// <summary>Neither domain nor array nor row.</summary>
    public static TypeShape Plain(uint typeOid) => new(typeOid, IsArray: false, RowOf: 0);
}
