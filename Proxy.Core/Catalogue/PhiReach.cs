using Proxy.Core.Catalogue.Facts;

namespace Proxy.Core.Catalogue;

/// <summary>
/// Which relations touch PHI when they are written: closed over foreign keys, inheritance, views and what views read; unreviewed triggers, rules and
/// expressions count as reaching, since they may read anything. A new row looks at what it references; a row that is changed or deleted also
/// touches those that reference it, by cascades and checks.
/// </summary>
internal sealed class PhiReach
{
    private readonly HashSet<uint> _byAnyWrite;
    private readonly HashSet<uint> _byInsert;

    public PhiReach(CatalogueFacts facts, PhiCarriers carriers)
    {
        var within = facts.Inheritance.SelectMany(BothWays).Concat(facts.ViewSources).ToList();
        _byAnyWrite = Reaching(facts, carriers, within.Concat(facts.ForeignKeys.SelectMany(BothWays)));
        _byInsert = Reaching(facts, carriers, within.Concat(facts.ForeignKeys));
    }

    public bool Contains(uint relation) => _byAnyWrite.Contains(relation);

    public bool ContainsByInsert(uint relation) => _byInsert.Contains(relation);

    private static IEnumerable<RelationLink> BothWays(RelationLink link) => [link, new RelationLink(link.To, link.From)];

    /// <summary>Whoever reaches To is entered by way of From.</summary>
    private static HashSet<uint> Reaching(CatalogueFacts facts, PhiCarriers carriers, IEnumerable<RelationLink> links)
    {
        var reaching = new HashSet<uint>();
        var neighbours = links.ToLookup(link => link.To, link => link.From);
        var pending = new Queue<uint>();
        foreach (var relation in facts.Relations)
            if ((carriers.Contains(relation.Oid) || relation.RunsUnreviewedCode) && reaching.Add(relation.Oid))
                pending.Enqueue(relation.Oid);
        while (pending.TryDequeue(out var reached))
            foreach (var neighbour in neighbours[reached])
                if (reaching.Add(neighbour))
                    pending.Enqueue(neighbour);
        return reaching;
    }
}
