using System.Collections.Immutable;
using Proxy.Core.Sql;

namespace Proxy.Core.Catalogue.Facts;

/// <summary>What was read from one database in one transaction, before anybody judged it.</summary>
public sealed record CatalogueFacts
{
    public SqlDialect Dialect { get; init; }

    public required int ServerVersionNum { get; init; }
    public required IReadOnlyList<RelationFact> Relations { get; init; }
    public required IReadOnlyList<ColumnFact> Columns { get; init; }

    /// <summary>From a partition or inheritance child to its parent.</summary>
    public IReadOnlyList<RelationLink> Inheritance { get; init; } = [];

    /// <summary>From a view or materialised view to each relation that its definition reads.</summary>
    public IReadOnlyList<RelationLink> ViewSources { get; init; } = [];

    public IReadOnlyList<ViewCallFact> ViewCalls { get; init; } = [];

    /// <summary>From a referencing to a referenced table.</summary>
    public IReadOnlyList<RelationLink> ForeignKeys { get; init; } = [];

    /// <summary>Keys, checks, foreign keys by column, and by what tables are partitioned.</summary>
    public IReadOnlyList<ConstraintFact> Constraints { get; init; } = [];

    /// <summary>What rows can be read by, and which changes of them need another entry.</summary>
    public IReadOnlyList<IndexFact> Indexes { get; init; } = [];

    public IReadOnlyList<GeneratedSourceFact> GeneratedSources { get; init; } = [];
    public IReadOnlyList<CodeFact> Code { get; init; } = [];

    /// <summary>The functions among <see cref="Code"/>, each with what a call does; nobody has judged them yet.</summary>
    public IReadOnlyList<CatalogueFunction> Functions { get; init; } = [];

    /// <summary>The queries of views and materialised views by OID, as far as the server said them.</summary>
    public IReadOnlyDictionary<uint, string> Definitions { get; init; } = ImmutableDictionary<uint, string>.Empty;

    /// <summary>How many queries and bodies the server could not print at the time, because somebody held a lock: worth another look.</summary>
    public int MissingTexts { get; init; }

    /// <summary>Types that are made of others: domains, arrays, rows.</summary>
    public IReadOnlyList<TypeShapeFact> TypeShapes { get; init; } = [];

    /// <summary>Composite types that belong to no relation, and their fields.</summary>
    public IReadOnlyList<RelationFact> Composites { get; init; } = [];
    public IReadOnlyList<ColumnFact> CompositeFields { get; init; } = [];

    /// <summary>Columns with a default or generation expression, once for each function that it calls.</summary>
    public IReadOnlyList<DefaultFact> Defaults { get; init; } = [];

    /// <summary>Types that people or extensions made.</summary>
    public IReadOnlyList<TypeFact> Types { get; init; } = [];

    /// <summary>What values of types run, on types.</summary>
    public IReadOnlyList<HiddenCodeFact> TypeCode { get; init; } = [];

    /// <summary>From a range type to its element, and from a multirange type to its range.</summary>
    public IReadOnlyList<RelationLink> RangeParts { get; init; } = [];

    public IReadOnlyList<CastFact> Casts { get; init; } = [];

    /// <summary>What row security policies call, on their tables.</summary>
    public IReadOnlyList<HiddenCodeFact> PolicyCode { get; init; } = [];

    /// <summary>From a table to each relation that its row security policies read.</summary>
    public IReadOnlyList<RelationLink> PolicySources { get; init; } = [];

    /// <summary>Names of everything that pg_catalog itself defines.</summary>
    public ImmutableArray<string> SystemFunctions { get; init; } = [];
    public ImmutableArray<string> SystemOperators { get; init; } = [];
    public ImmutableArray<string> SystemTypes { get; init; } = [];

    /// <summary>Those of <see cref="SystemFunctions"/> that take a row of any relation as their only argument: to_json, concat.</summary>
    public ImmutableArray<string> SystemRowFunctions { get; init; } = [];

    /// <summary>Names of constraints and indexes, which errors may name.</summary>
    public ImmutableArray<string> ConstraintNames { get; init; } = [];
}
