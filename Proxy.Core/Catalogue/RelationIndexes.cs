using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Proxy.Core.Catalogue.Facts;

namespace Proxy.Core.Catalogue;

/// <summary>From what was read to the indexes that matter: those sorted by PHI, of a relation and of all its partitions and children.</summary>
internal sealed class RelationIndexes
{
    private readonly Dictionary<uint, List<(IndexFact Fact, ImmutableArray<(uint, short)> Elsewhere)>> _of = [];
    private readonly ColumnClasses _classes;

    public RelationIndexes(CatalogueFacts facts, ColumnClasses classes)
    {
        _classes = classes;
        var parents = facts.Inheritance.ToLookup(static link => link.From, static link => link.To);
        foreach (var fact in facts.Indexes)
        {
            if (!fact.IsSorted)
                continue;
            Add(fact, []);
            var seen = new HashSet<uint> { fact.RelationOid };
            var pending = new Queue<uint>(parents[fact.RelationOid]);
            while (pending.TryDequeue(out var ancestor))
            {
                if (!seen.Add(ancestor))
                    continue;
                Add(new IndexFact(ancestor, At(ancestor, fact, fact.Keys), At(ancestor, fact, fact.Included), At(ancestor, fact, fact.Predicate)), Lacking(ancestor, fact));
                foreach (var next in parents[ancestor])
                    pending.Enqueue(next);
            }
        }
    }

    /// <param name="relation">Whose.</param>
    /// <param name="columns">Its columns, judged.</param>
    public ImmutableArray<CatalogueIndex> Of(uint relation, ImmutableArray<CatalogueColumn> columns)
    {
        if (!_of.TryGetValue(relation, out var facts))
            return [];
        // A thousand partitions have the same one.
        var indexes = new HashSet<CatalogueIndex>();
        foreach (var (fact, elsewhere) in facts)
        {
            var phi = fact.Keys.Where(key => columns.Any(column => column.Number == key && column.IsPhi)).ToImmutableArray();
            if (!phi.IsEmpty || !elsewhere.IsEmpty)
                indexes.Add(new CatalogueIndex(phi, fact.Keys, fact.Included, fact.Predicate) { Elsewhere = elsewhere });
        }
        return [.. indexes.OrderBy(static index => index.ToString(), StringComparer.Ordinal)];
    }

    private void Add(IndexFact fact, ImmutableArray<(uint, short)> elsewhere)
    {
        var spelled = new IndexFact(fact.RelationOid, Spelled(fact, fact.Keys), Spelled(fact, fact.Included), Spelled(fact, fact.Predicate));
        (CollectionsMarshal.GetValueRefOrAddDefault(_of, fact.RelationOid, out _) ??= []).Add((spelled, elsewhere));
    }

    private ImmutableArray<short> Spelled(IndexFact fact, ImmutableArray<short> numbers) =>
        numbers.Contains((short)0) ? [.. _classes.ColumnsOf(fact.RelationOid).Select(static column => column.Number)] : numbers;

    /// <summary>The PHI among its keys for which the ancestor has no column.</summary>
    private ImmutableArray<(uint, short)> Lacking(uint ancestor, IndexFact fact)
    {
        ImmutableArray<(uint, short)>.Builder? lacking = null;
        foreach (var column in _classes.ColumnsOf(fact.RelationOid))
            if ((fact.Keys.Contains(column.Number) || fact.Keys.Contains((short)0)) && _classes[column] is not IdentifierClass.NotPhi
                && !_classes.ColumnsOf(ancestor).Any(there => string.Equals(there.Name, column.Name, StringComparison.Ordinal)))
                (lacking ??= ImmutableArray.CreateBuilder<(uint, short)>()).Add((fact.RelationOid, column.Number));
        return lacking?.ToImmutable() ?? [];
    }

    /// <summary>The ancestor's columns of the same names.</summary>
    private ImmutableArray<short> At(uint ancestor, IndexFact fact, ImmutableArray<short> numbers)
    {
        if (numbers.IsEmpty)
            return [];
        var own = _classes.ColumnsOf(fact.RelationOid).Where(column => numbers.Contains((short)0) || numbers.Contains(column.Number))
            .ToDictionary(static column => column.Number, static column => column.Name);
        var names = numbers.Contains((short)0) ? own.Values : numbers.Where(own.ContainsKey).Select(number => own[number]);
        var there = _classes.ColumnsOf(ancestor).ToDictionary(static column => column.Name, static column => column.Number, StringComparer.Ordinal);
        return [.. names.Where(there.ContainsKey).Select(name => there[name])];
    }
}
