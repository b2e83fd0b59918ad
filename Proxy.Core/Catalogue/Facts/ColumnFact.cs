namespace Proxy.Core.Catalogue.Facts;

/// <summary>A row of pg_attribute with a positive attnum. <paramref name="TypeName"/> is format_type without modifier.</summary>
public readonly record struct ColumnFact(uint RelationOid, short Number, string Name, uint TypeOid, string TypeName, bool IsNotNull, bool IsGenerated)
{
    /// <summary>atttypmod; -1 for none.</summary>
    public int TypeModifier { get; init; } = -1;

    /// <summary>Whether its collation takes texts for equal that are spelled differently.</summary>
    public bool ComparesLoosely { get; init; }

    /// <summary>Of MySQL's: a star does not stand for it, nor does INSERT without a list of columns fill it.</summary>
    public bool IsInvisible { get; init; }

    /// <summary>The name as people wrote it, where <see cref="Name"/> is a form of it for comparison; null where they are the same.</summary>
    public string? DeclaredName { get; init; }
}
