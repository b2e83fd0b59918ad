namespace Proxy.Core.Catalogue.Facts;

/// <summary>A generated column and one column that its expression reads; <paramref name="Source"/> is 0 when it calls code of a user instead.</summary>
public readonly record struct GeneratedSourceFact(uint RelationOid, short Number, short Source);
