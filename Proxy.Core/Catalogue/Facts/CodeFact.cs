namespace Proxy.Core.Catalogue.Facts;

/// <summary>A function, operator or type outside the system schemas.</summary>
/// <param name="Extension">The extension it belongs to, or null.</param>
/// <param name="IsHarmless">For types: an enum, a composite, or a domain or range whose checks call nothing of a user. False for functions and operators.</param>
/// <param name="TakesOneRow">For functions: callable as a column of a row (attribute notation).</param>
public readonly record struct CodeFact(CodeKind Kind, string Schema, string Name, string? Extension, bool IsHarmless, bool TakesOneRow)
{
    /// <summary>For types: pg_type.oid; 0 where the fact is about the name alone.</summary>
    public uint Oid { get; init; }
}
