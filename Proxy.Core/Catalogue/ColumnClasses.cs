using System.Runtime.InteropServices;
using Proxy.Core.Catalogue.Facts;
using Proxy.Core.Sql;

namespace Proxy.Core.Catalogue;

/// <summary>The class of each column while a snapshot is being built: what people said, then what follows from where the values come from.</summary>
internal sealed class ColumnClasses
{
    private readonly CatalogueFacts _facts;
    private readonly Dictionary<uint, List<ColumnFact>> _columns = [];
    private readonly Dictionary<(uint Relation, short Number), IdentifierClass> _classes;
    private readonly Dictionary<uint, List<uint>> _parents = [];

    public ColumnClasses(CatalogueFacts facts, IColumnClassifier classifier)
    {
        _facts = facts;
        _classes = new Dictionary<(uint, short), IdentifierClass>(facts.Columns.Count);
        var relations = facts.Relations.ToDictionary(relation => relation.Oid);
        foreach (var column in facts.Columns)
        {
            if (!relations.TryGetValue(column.RelationOid, out var relation))
                continue;
            ListOf(_columns, column.RelationOid).Add(column);
            _classes[(column.RelationOid, column.Number)] = Said(relation, column, classifier, facts.Dialect);
        }
        foreach (var columns in _columns.Values)
            columns.Sort(static (left, right) => left.Number.CompareTo(right.Number));
        foreach (var link in facts.Inheritance)
            ListOf(_parents, link.From).Add(link.To);
    }

    public IdentifierClass this[in ColumnFact column] => _classes[(column.RelationOid, column.Number)];

    public IReadOnlyList<ColumnFact> ColumnsOf(uint relation) => _columns.TryGetValue(relation, out var columns) ? columns : [];

    /// <summary>
    /// A partition or child takes its ancestors' class for each inherited column, where that is stricter or where nobody reviewed its own. And a
    /// parent shows its children's rows, so what a child's column is said to hold, the parent's column of that name holds too.
    /// </summary>
    public void FollowInheritance()
    {
        var order = ParentsFirst();
        // Up, children first: PHI in a child is PHI in what reads it.
        for (var i = order.Count - 1; i >= 0; i--)
            foreach (var parent in ParentsOf(order[i]))
                foreach (var column in ColumnsOf(order[i]))
                    if (this[column] is not (IdentifierClass.NotPhi or IdentifierClass.Unreviewed) && Named(parent, column.Name) is { } inherited
                        && this[inherited] is IdentifierClass.NotPhi or IdentifierClass.Unreviewed)
                        _classes[(parent, inherited.Number)] = this[column];
        // Down, parents first.
        foreach (var child in order)
            foreach (var parent in ParentsOf(child))
                foreach (var column in ColumnsOf(child))
                    if (Named(parent, column.Name) is { } inherited)
                        _classes[(child, column.Number)] = Stricter(this[column], this[inherited]);
    }

    /// <summary>A generated column holds what its sources hold. A person may say which identifier it is, but not that PHI became none.</summary>
    public void FollowGeneration()
    {
        foreach (var group in _facts.GeneratedSources.GroupBy(fact => (fact.RelationOid, fact.Number)))
        {
            if (!_classes.TryGetValue(group.Key, out var own))
                continue;
            if (own is not (IdentifierClass.NotPhi or IdentifierClass.Unreviewed))
                continue;
            var sources = group.Select(fact => fact.Source == 0
                ? IdentifierClass.Unreviewed
                : _classes.GetValueOrDefault((fact.RelationOid, fact.Source))).ToArray();
            if (Array.TrueForAll(sources, source => source == IdentifierClass.NotPhi))
                _classes[group.Key] = IdentifierClass.NotPhi;
            else
                // One identifier is that identifier in another shape; a mixture is free text. Its tokens join with no source: the value differs.
                _classes[group.Key] = Array.Exists(sources, source => source is IdentifierClass.Unreviewed) ? IdentifierClass.Unreviewed : IdentifierClass.FreeText;
        }
    }

    private static IdentifierClass Said(in RelationFact relation, in ColumnFact column, IColumnClassifier classifier, SqlDialect dialect)
    {
        var said = classifier.Classify(relation.Schema, relation.Name, column.DeclaredName ?? column.Name, column.TypeName);
        if (said is IdentifierClass.Unreviewed && column.DeclaredName is not null)
            said = classifier.Classify(relation.Schema, relation.Name, column.Name, column.TypeName);
        if (!ShippedClassification.IsSystemSchema(relation.Schema, dialect))
            return said;
        // The shipped list can be made stricter, never looser.
        return said is IdentifierClass.Unreviewed or IdentifierClass.NotPhi
            ? ShippedClassification.Of(dialect).Classify(relation.Schema, relation.Name, column.Name)
            : said;
    }

    private static IdentifierClass Stricter(IdentifierClass own, IdentifierClass inherited) => (own, inherited) switch
    {
        (IdentifierClass.Unreviewed, _) => inherited,
        (IdentifierClass.NotPhi, IdentifierClass.Unreviewed) => own,
        (IdentifierClass.NotPhi, _) => inherited,
        _ => own,
    };

    private List<uint> ParentsOf(uint relation) => _parents.TryGetValue(relation, out var parents) ? parents : [];

    private ColumnFact? Named(uint relation, string name)
    {
        foreach (var column in ColumnsOf(relation))
            if (string.Equals(column.Name, name, StringComparison.Ordinal))
                return column;
        return null;
    }

    /// <summary>Every child, after all its ancestors. PostgreSQL allows no cycle.</summary>
    private List<uint> ParentsFirst()
    {
        var order = new List<uint>();
        var seen = new HashSet<uint>();
        foreach (var child in _parents.Keys)
            Visit(child);
        return order;

        void Visit(uint relation)
        {
            if (!seen.Add(relation))
                return;
            foreach (var parent in ParentsOf(relation))
                Visit(parent);
            order.Add(relation);
        }
    }

    private static List<T> ListOf<T>(Dictionary<uint, List<T>> lists, uint key) =>
        CollectionsMarshal.GetValueRefOrAddDefault(lists, key, out _) ??= [];
}
