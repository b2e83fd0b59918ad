namespace Proxy.Core.Catalogue.Facts;

/// <summary>A row of pg_attribute with a positive attnum. <paramref name="TypeName"/> is format_type without modifier.</summary>
public readonly record struct ColumnFact(uint RelationOid, short Number, string Name, uint TypeOid, string TypeName, bool IsNotNull, bool IsGenerated)
{
    /// <summary>atttypmod; -1 for none.</summary>
    public int TypeModifier { get; init; } = -1;
}
