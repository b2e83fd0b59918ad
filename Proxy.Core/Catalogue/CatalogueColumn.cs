namespace Proxy.Core.Catalogue;

/// <summary>A column of a relation. <see cref="Number"/> is PostgreSQL's attnum (1-based, gaps where columns were dropped).</summary>
public sealed record CatalogueColumn(short Number, string Name, uint TypeOid, bool IsNotNull, IdentifierClass Class)
{
    public bool IsPhi => Class is not IdentifierClass.NotPhi;
}
