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
        var carrying = facts.Relations.Where(relation => carriers.Contains(relation.Oid) || relation.RunsUnreviewedCode).Select(static relation => relation.Oid);
        _byInsert = Reaching(carrying, within.Concat(facts.ForeignKeys));
        // What is only looked at, because a key references it, is not changed: nothing that references it in turn is touched.
        _byAnyWrite = Reaching(_byInsert, within.Concat(facts.ForeignKeys.Select(static key => new RelationLink(key.To, key.From))));
    }

    public bool Contains(uint relation) => _byAnyWrite.Contains(relation);

    public bool ContainsByInsert(uint relation) => _byInsert.Contains(relation);

    private static IEnumerable<RelationLink> BothWays(RelationLink link) => [link, new RelationLink(link.To, link.From)];

    /// <summary>Whoever reaches To is entered by way of From.</summary>
    private static HashSet<uint> Reaching(IEnumerable<uint> start, IEnumerable<RelationLink> links)
    {
        var reaching = new HashSet<uint>();
        var neighbours = links.ToLookup(link => link.To, link => link.From);
        var pending = new Queue<uint>();
        foreach (var relation in start)
            if (reaching.Add(relation))
                pending.Enqueue(relation);
        while (pending.TryDequeue(out var reached))
            foreach (var neighbour in neighbours[reached])
                if (reaching.Add(neighbour))
                    pending.Enqueue(neighbour);
        return reaching;
    }
}
