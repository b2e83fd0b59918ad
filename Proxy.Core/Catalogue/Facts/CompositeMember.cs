namespace Proxy.Core.Catalogue.Facts;

/// <summary>The type of one attribute of a composite type; <paramref name="Modifier"/> is -1 for none.</summary>
public readonly record struct CompositeMember(uint TypeOid, int Modifier);
