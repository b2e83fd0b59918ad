namespace Proxy.Core.Catalogue;

/// <summary>A column of a relation. <see cref="Number"/> is PostgreSQL's attnum (1-based, gaps where columns were dropped).</summary>
public sealed record CatalogueColumn(short Number, string Name, uint TypeOid, bool IsNotNull, IdentifierClass Class)
{
    /// <summary>atttypmod; -1 for none.</summary>
    public int TypeModifier { get; init; } = -1;

    /// <summary>Whether its collation takes texts for equal that are spelled differently.</summary>
    public bool ComparesLoosely { get; init; }

    /// <summary>GENERATED ALWAYS AS: COPY of a table without a column list leaves such columns out.</summary>
    public bool IsGenerated { get; init; }

    /// <summary>Only its name means it: a star does not stand for it, nor does INSERT without a list of columns fill it.</summary>
    public bool IsInvisible { get; init; }

    public bool IsPhi => Class is not IdentifierClass.NotPhi;

    /// <summary>The kind of individuals whose key it is, such as <c>patient</c>; null for other columns.</summary>
    public string? Subject { get; init; }

    /// <summary>What the type is made of.</summary>
    public TypeShape Shape { get; init; } = TypeShape.Plain(TypeOid);

    /// <summary>Whether a value comes from an expression when none is given; true for generated columns, too.</summary>
    public bool HasDefault { get; init; }

    /// <summary>Whether its default or generation expression calls a function or operator that nobody reviewed.</summary>
    public bool DefaultRunsCode { get; init; }
}
