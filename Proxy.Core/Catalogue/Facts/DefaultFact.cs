namespace Proxy.Core.Catalogue.Facts;

/// <summary>A function that the default or generation expression of a column calls; <paramref name="Name"/> is null for an expression that calls none.</summary>
/// <param name="Extension">The extension that the function belongs to, or null.</param>
public readonly record struct DefaultFact(uint RelationOid, short Number, string? Schema, string? Name, string? Extension);
