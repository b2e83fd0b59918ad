using System.Collections.Immutable;

namespace Proxy.Core.Catalogue.Facts;

/// <summary>
/// A type that people or extensions made (a row of pg_type from OID 16384 on), as far as a mask has to know it. What the server itself defines
/// is fixed by its source code and needs no fact.
/// </summary>
/// <param name="Oid">pg_type.oid.</param>
/// <param name="Name">typname; an extension's type is recognised by it.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Extension">The extension that it belongs to, or null.</param>
public sealed record TypeFact(uint Oid, string Name, TypeKind Kind, string? Extension = null)
{
    /// <summary>An array's element type, a domain's base type, or the subtype of a range; 0 for other kinds.</summary>
    public uint ComponentOid { get; init; }

    /// <summary>For a domain: the modifier of its base type, -1 for none.</summary>
    public int ComponentModifier { get; init; } = -1;

    /// <summary>For an enum: its labels in their order.</summary>
    public ImmutableArray<string> Labels { get; init; } = [];

    /// <summary>For a composite: its attributes in their order, without dropped ones. Empty where they were not read.</summary>
    public ImmutableArray<CompositeMember> Attributes { get; init; } = [];
}
