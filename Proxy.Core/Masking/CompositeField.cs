namespace Proxy.Core.Masking;

/// <summary>A field of a composite: the type that the composite's definition names, which binary values carry, and how it is redacted.</summary>
public readonly record struct CompositeField(uint TypeOid, ColumnMask Mask);
