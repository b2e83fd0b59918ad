using Proxy.Core.Catalogue.Facts;

namespace Proxy.Core.Catalogue;

/// <summary>
/// Which relations touch PHI when they are touched: closed over foreign keys in both directions (a delete cascades one way, an insert looks the
/// other way), inheritance, views and what views read; unreviewed triggers, rules and expressions count as reaching, since they may read anything.
/// </summary>
internal sealed class PhiReach
{
    private readonly HashSet<uint> _reaching = [];

    public PhiReach(CatalogueFacts facts, PhiCarriers carriers)
    {
        var neighbours = facts.ForeignKeys.Concat(facts.Inheritance)
            .SelectMany(link => new[] { link, new RelationLink(link.To, link.From) })
            .Concat(facts.ViewSources)
            // Whoever reaches To is entered by way of From.
            .ToLookup(link => link.To, link => link.From);
        var pending = new Queue<uint>();
        foreach (var relation in facts.Relations)
            if ((carriers.Contains(relation.Oid) || relation.RunsUnreviewedCode) && _reaching.Add(relation.Oid))
                pending.Enqueue(relation.Oid);
        while (pending.TryDequeue(out var reached))
            foreach (var neighbour in neighbours[reached])
                if (_reaching.Add(neighbour))
                    pending.Enqueue(neighbour);
    }

    public bool Contains(uint relation) => _reaching.Contains(relation);
}
