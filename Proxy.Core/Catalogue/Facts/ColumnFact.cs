namespace Proxy.Core.Catalogue.Facts;

/// <summary>A row of pg_attribute with a positive attnum. <paramref name="TypeName"/> is format_type without modifier.</summary>
public readonly record struct ColumnFact(uint RelationOid, short Number, string Name, uint TypeOid, string TypeName, bool IsNotNull, bool IsGenerated)
{
    /// <summary>Of a domain the type that it is made of in the end, which is what a RowDescription names; of any other type the type itself.</summary>
    public uint BaseTypeOid { get => field == 0 ? TypeOid : field; init; }
}
