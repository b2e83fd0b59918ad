namespace Proxy.Core.Catalogue.Facts;

/// <summary>A directed edge between two relations, by OID.</summary>
public readonly record struct RelationLink(uint From, uint To);
