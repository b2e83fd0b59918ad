using Proxy.Core.Catalogue.Facts;

namespace Proxy.Core.Catalogue;

/// <summary>Which columns are subject keys while a snapshot is being built: what people said, and of a partition or child what they said of its parents.</summary>
internal sealed class SubjectColumns(CatalogueFacts facts, IColumnClassifier classifier)
{
    /// <summary>More than PostgreSQL's own trees of partitions are deep; no circle is followed for ever.</summary>
    private const int DepthMax = 32;

    private readonly Dictionary<uint, RelationFact> _relations = facts.Relations.ToDictionary(static relation => relation.Oid);
    private readonly ILookup<uint, uint> _parents = facts.Inheritance.ToLookup(static link => link.From, static link => link.To);

    public string? Of(uint relation, string column) => Of(relation, column, DepthMax);

    private string? Of(uint relation, string column, int depth)
    {
        if (depth == 0 || !_relations.TryGetValue(relation, out var fact))
            return null;
        if (classifier.SubjectOf(fact.Schema, fact.Name, column) is { } said)
            return said;
        foreach (var parent in _parents[relation])
            if (Of(parent, column, depth - 1) is { } inherited)
                return inherited;
        return null;
    }
}
