using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Proxy.Core.Catalogue.Facts;
using Proxy.Core.Sql;

namespace Proxy.Core.Catalogue;

/// <summary>From what was read to what each relation is to know: foreign keys from both sides, and the keys of partitioned tables at the partitions.</summary>
internal sealed class RelationConstraints
{
    private readonly Dictionary<uint, List<CatalogueConstraint>> _of = [];
    private readonly CatalogueFacts _facts;
    private readonly ColumnClasses _classes;

    public RelationConstraints(CatalogueFacts facts, ColumnClasses classes)
    {
        _facts = facts;
        _classes = classes;
        foreach (var fact in facts.Constraints)
        {
            if (fact.Kind is ConstraintKind.Bound)
            {
                // MySQL's partitions are no tables: the table's own key says what is in each.
                if (facts.Dialect is SqlDialect.MySql)
                    Add(fact.RelationOid, new CatalogueConstraint { Kind = ConstraintKind.Bound, Computed = fact.Computed });
                else if (fact.HasDefault)
                    Add(fact.RelationOid, new CatalogueConstraint { Kind = ConstraintKind.Remainder, Computed = [.. fact.Columns, .. fact.Computed] });
                continue;
            }
            Add(fact.RelationOid, new CatalogueConstraint
            {
                Kind = fact.Kind,
                Columns = fact.Columns,
                Computed = fact.Computed,
                Tested = fact.Tested,
                IsNullUnique = fact.IsNullUnique,
                IsPrimary = fact.IsPrimary,
                MayBeBroken = fact.MayBeBroken,
                OtherOid = fact.ReferencedOid,
                OtherColumns = fact.Referenced,
                OtherIsPhi = fact.Kind is ConstraintKind.References && HasPhi(fact.ReferencedOid, fact.Referenced),
            });
            if (fact.Kind is ConstraintKind.References)
                Add(fact.ReferencedOid, new CatalogueConstraint
                {
                    Kind = ConstraintKind.Referenced,
                    Columns = fact.Referenced,
                    OtherOid = fact.RelationOid,
                    OtherColumns = fact.Columns,
                    OtherIsPhi = HasPhi(fact.RelationOid, fact.Columns),
                });
        }
        Bind();
        // MySQL says how many rows a change changed: there every column is compared (ChangeAnalyser).
        if (facts.Dialect is not SqlDialect.MySql)
            Index();
    }

    public ImmutableArray<CatalogueConstraint> Of(uint relation) => _of.TryGetValue(relation, out var constraints) ? [.. constraints] : [];

    /// <summary>Whoever names a partition chooses rows by the keys of all tables that it is a part of, directly or not.</summary>
    private void Bind()
    {
        var keys = _facts.Constraints.Where(static fact => fact.Kind is ConstraintKind.Bound).ToLookup(static fact => fact.RelationOid);
        var checks = _facts.Constraints.Where(static fact => fact is { Kind: ConstraintKind.Check, IsOwn: true }).ToLookup(static fact => fact.RelationOid);
        var parents = _facts.Inheritance.ToLookup(static link => link.From, static link => link.To);
        foreach (var child in parents.Select(static group => group.Key))
        {
            // A check of its own tells a child apart as the key does a partition.
            var columns = checks[child].SelectMany(static fact => fact.Computed).ToHashSet();
            var seen = new HashSet<uint>();
            var pending = new Queue<uint>(parents[child]);
            while (pending.TryDequeue(out var ancestor))
            {
                if (!seen.Add(ancestor))
                    continue;
                foreach (var key in keys[ancestor])
                    foreach (var number in key.Columns.Concat(key.Computed))
                        columns.UnionWith(Named(child, ancestor, number));
                foreach (var next in parents[ancestor])
                    pending.Enqueue(next);
            }
            if (columns.Count > 0)
                Add(child, new CatalogueConstraint { Kind = ConstraintKind.Bound, Computed = [.. columns.Order()] });
        }
    }

    /// <summary>One for each column, because each is compared by itself.</summary>
    private void Index()
    {
        foreach (var indexes in _facts.Indexes.GroupBy(static fact => fact.RelationOid))
        {
            var columns = indexes.SelectMany(static fact => fact.Keys.Concat(fact.Included).Concat(fact.Predicate)).ToHashSet();
            // A key compares already.
            if (_of.TryGetValue(indexes.Key, out var known))
                columns.ExceptWith(known.Where(static constraint => constraint.Kind is ConstraintKind.Unique).SelectMany(static constraint => constraint.Columns).ToList());
            foreach (var column in _classes.ColumnsOf(indexes.Key))
                if ((columns.Contains(column.Number) || columns.Contains((short)0)) && _classes[column] is not IdentifierClass.NotPhi)
                    Add(indexes.Key, new CatalogueConstraint { Kind = ConstraintKind.Indexed, Columns = [column.Number] });
        }
    }

    /// <summary>The columns of the child that are called like the ancestor's.</summary>
    private IEnumerable<short> Named(uint child, uint ancestor, short number)
    {
        foreach (var column in _classes.ColumnsOf(ancestor))
            if (number == 0 || column.Number == number)
                foreach (var own in _classes.ColumnsOf(child))
                    if (string.Equals(own.Name, column.Name, StringComparison.Ordinal))
                        yield return own.Number;
    }

    private bool HasPhi(uint relation, ImmutableArray<short> numbers)
    {
        foreach (var column in _classes.ColumnsOf(relation))
            if (numbers.Contains(column.Number) && _classes[column] is not IdentifierClass.NotPhi)
                return true;
        return false;
    }

    private void Add(uint relation, CatalogueConstraint constraint) =>
        (CollectionsMarshal.GetValueRefOrAddDefault(_of, relation, out _) ??= []).Add(constraint);
}
