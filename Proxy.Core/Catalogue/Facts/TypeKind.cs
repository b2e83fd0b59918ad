namespace Proxy.Core.Catalogue.Facts;

/// <summary>What a type is (pg_type.typtype, arrays told apart). Zero is what nobody knows how to write a value of.</summary>
public enum TypeKind : byte
{
    Unknown = 0,
    Base,
    Array,
    Domain,
    Enum,
    Composite,
    Range,
    Multirange,
}
