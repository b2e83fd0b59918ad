using System.Collections.Immutable;
using Proxy.Core.Catalogue.Facts;

namespace Proxy.Core.Catalogue;

/// <summary>Judges what was read from a server: classifies columns, lets the classes follow the data, and closes over what touching a relation can reach.</summary>
public static class SnapshotBuilder
{
    public static CatalogueSnapshot Build(long version, CatalogueFacts facts, IColumnClassifier classifier)
    {
        var classes = new ColumnClasses(facts, classifier);
        classes.FollowInheritance();
        classes.FollowGeneration();
        var carriers = new PhiCarriers(facts, classes);
        var reach = new PhiReach(facts, carriers);

        var runsCode = WritesThatRunCode(facts);

        var relations = new List<CatalogueRelation>(facts.Relations.Count);
        foreach (var relation in facts.Relations)
        {
            var kind = KindOf(relation);
            var carries = carriers.Contains(relation.Oid);
            var columns = ImmutableArray.CreateBuilder<CatalogueColumn>();
            foreach (var column in classes.ColumnsOf(relation.Oid))
                columns.Add(new CatalogueColumn(
                    column.Number, column.Name, column.TypeOid, column.IsNotNull,
                    IsDerived(kind) ? DerivedClass(carries) : classes[column]));
            relations.Add(new CatalogueRelation
            {
                Oid = relation.Oid,
                Schema = relation.Schema,
                Name = relation.Name,
                Kind = kind,
                Columns = columns.DrainToImmutable(),
                CarriesPhi = carries,
                ReachesPhi = reach.Contains(relation.Oid),
                RunsUnreviewedCode = runsCode.Contains(relation.Oid),
            });
        }
        return new CatalogueSnapshot(version, facts, relations);
    }

    internal static RelationKind KindOf(in RelationFact relation) =>
        ShippedClassification.IsSystemSchema(relation.Schema)
            ? RelationKind.SystemTable
            : relation.Kind switch
            {
                'r' or 'p' => RelationKind.BaseTable,
                'v' => RelationKind.View,
                'm' => RelationKind.MaterializedView,
                'f' => RelationKind.ForeignTable,
                'S' => RelationKind.Sequence,
                _ => RelationKind.Unknown,
            };

    internal static bool IsDerived(RelationKind kind) => kind is RelationKind.View or RelationKind.MaterializedView;

    /// <summary>A write of a parent is a write of its children, and a write of a view is one of what it reads.</summary>
    private static HashSet<uint> WritesThatRunCode(CatalogueFacts facts)
    {
        var runs = facts.Relations.Where(relation => relation.RunsUnreviewedCode).Select(relation => relation.Oid).ToHashSet();
        var writers = facts.Inheritance.Select(link => new RelationLink(link.To, link.From)).Concat(facts.ViewSources)
            .ToLookup(link => link.To, link => link.From);
        var pending = new Queue<uint>(runs);
        while (pending.TryDequeue(out var relation))
            foreach (var writer in writers[relation])
                if (runs.Add(writer))
                    pending.Enqueue(writer);
        return runs;
    }

    private static IdentifierClass DerivedClass(bool carries) => carries ? IdentifierClass.Unreviewed : IdentifierClass.NotPhi;
}
