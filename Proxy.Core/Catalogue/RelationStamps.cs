using Proxy.Core.Catalogue.Facts;

namespace Proxy.Core.Catalogue;

/// <summary>
/// Which relations of a new snapshot are what they were in the one before: DDL shall void the judgements that it concerns, not all of them. A view is
/// only the same when everything that it reads is. Comes last, when nothing of a relation changes any more.
/// </summary>
internal static class RelationStamps
{
    public static void Assign(CatalogueSnapshot snapshot, CatalogueSnapshot? before, CatalogueFacts facts)
    {
        var changed = new HashSet<uint>();
        foreach (var relation in snapshot.Relations)
            if (before?.Find(relation.Oid) is not { } earlier || !relation.IsSameAs(earlier))
                changed.Add(relation.Oid);
        // What the body of a function reads is not in the view's sources.
        foreach (var call in facts.ViewCalls)
            if (call.Schema is not ("pg_catalog" or "information_schema") && !ReviewedExtensions.Contains(call.Extension))
                changed.Add(call.RelationOid);
        // A key is as much of the one table as of the other.
        foreach (var key in facts.ForeignKeys.Where(key => changed.Contains(key.From) || changed.Contains(key.To)).ToList())
        {
            changed.Add(key.From);
            changed.Add(key.To);
        }
        Spread(changed, facts);
        foreach (var relation in snapshot.Relations)
            relation.Stamp = changed.Contains(relation.Oid) ? snapshot.Version : before!.Find(relation.Oid)!.Stamp;
    }

    /// <summary>From what changed to the views that read it, and from children to their parents, whose rows theirs are.</summary>
    private static void Spread(HashSet<uint> changed, CatalogueFacts facts)
    {
        var readers = facts.ViewSources.Concat(facts.Inheritance.Select(static link => new RelationLink(link.To, link.From)))
            .ToLookup(static link => link.To, static link => link.From);
        var pending = new Queue<uint>(changed);
        while (pending.TryDequeue(out var relation))
            foreach (var reader in readers[relation])
                if (changed.Add(reader))
                    pending.Enqueue(reader);
    }
}
