using System.Collections.Immutable;
using Proxy.Core.Catalogue.Facts;
using Proxy.Core.Sql;

namespace Proxy.Core.Catalogue;

/// <summary>Judges what was read from a server: classifies columns, lets the classes follow the data, and closes over what touching a relation can reach.</summary>
public static class SnapshotBuilder
{
    /// <param name="version">Greater than that of every earlier snapshot of the database.</param>
    /// <param name="facts">What was read.</param>
    /// <param name="classifier">What people say.</param>
    /// <param name="definitions">What views and functions say; null when nobody read them.</param>
    /// <param name="previous">The snapshot before this one, so that what has not changed can be told; null when there is none.</param>
    public static CatalogueSnapshot Build(
        long version, CatalogueFacts facts, IColumnClassifier classifier, CatalogueDefinitions? definitions = null, CatalogueSnapshot? previous = null)
    {
        var classes = new ColumnClasses(facts, classifier);
        classes.FollowInheritance();
        classes.FollowGeneration();
        var carriers = new PhiCarriers(facts, classes);
        var reach = new PhiReach(facts, carriers);

        var functions = new FunctionReviews(facts, classifier);
        var hidden = new HiddenCode(facts, functions);
        var unreviewedTypes = facts.Columns.Where(column => hidden.RunsWhenWritten(column)).Select(column => column.RelationOid).ToHashSet();
        var runsCode = WritesThatRunCode(facts, unreviewedTypes);
        var shapes = new TypeShapes(facts.TypeShapes);
        var defaults = new ColumnDefaults(facts);
        var subjects = new SubjectColumns(facts, classifier);
        var parents = facts.Inheritance.ToLookup(link => link.From, link => link.To);
        var children = facts.Inheritance.ToLookup(link => link.To, link => link.From);
        var constraints = new RelationConstraints(facts, classes);
        var indexes = new RelationIndexes(facts, classes);

        var relations = new List<CatalogueRelation>(facts.Relations.Count);
        foreach (var relation in facts.Relations)
        {
            var kind = KindOf(relation, facts.Dialect);
            var carries = carriers.Contains(relation.Oid);
            var columns = ImmutableArray.CreateBuilder<CatalogueColumn>();
            foreach (var column in classes.ColumnsOf(relation.Oid).OrderBy(static column => column.IsInvisible))
                columns.Add(new CatalogueColumn(
                    column.Number, column.Name, column.TypeOid, column.IsNotNull,
                    IsDerived(kind) ? DerivedClass(carries) : classes[column])
                {
                    Shape = shapes.Of(column.TypeOid),
                    IsGenerated = column.IsGenerated,
                    IsInvisible = column.IsInvisible,
                    HasDefault = defaults.Contains(column),
                    DefaultRunsCode = defaults.RunsCode(column),
                    TypeModifier = column.TypeModifier,
                    ComparesLoosely = column.ComparesLoosely,
                    Subject = subjects.Of(relation.Oid, column.Name),
                });
            var judged = columns.DrainToImmutable();
            relations.Add(new CatalogueRelation
            {
                Oid = relation.Oid,
                Schema = relation.Schema,
                Name = relation.Name,
                Kind = kind,
                Columns = judged,
                CarriesPhi = carries,
                ReachesPhi = reach.Contains(relation.Oid),
                InsertReachesPhi = reach.ContainsByInsert(relation.Oid),
                RunsUnreviewedCode = runsCode.Contains(relation.Oid),
                RunsUnreviewedCodeWhenRead = hidden.RunsWhenRead(relation.Oid),
                HasUnreviewedTypes = unreviewedTypes.Contains(relation.Oid),
                Definition = IsDerived(kind) ? facts.Definitions.GetValueOrDefault(relation.Oid) : null,
                IsPartitioned = relation.Kind == 'p',
                Parents = [.. parents[relation.Oid]],
                Children = [.. children[relation.Oid]],
                Constraints = constraints.Of(relation.Oid),
                Indexes = indexes.Of(relation.Oid, judged),
            });
        }
        var snapshot = new CatalogueSnapshot(version, facts, relations, Composites(facts, shapes), functions, shapes, hidden) { Classifier = classifier };
        snapshot.Follow(facts.Functions, definitions ?? CatalogueDefinitions.None);
        snapshot.FollowOn(previous, facts);
        return snapshot;
    }

    /// <summary>Nobody reviews fields: what a value of the type holds, the column that holds it says.</summary>
    private static IEnumerable<CatalogueRelation> Composites(CatalogueFacts facts, TypeShapes shapes)
    {
        var fields = facts.CompositeFields.ToLookup(field => field.RelationOid);
        return facts.Composites.Select(composite => new CatalogueRelation
        {
            Oid = composite.Oid,
            Schema = composite.Schema,
            Name = composite.Name,
            Kind = RelationKind.CompositeType,
            Columns =
            [
                .. fields[composite.Oid].OrderBy(field => field.Number).Select(field =>
                    new CatalogueColumn(field.Number, field.Name, field.TypeOid, field.IsNotNull, IdentifierClass.Unreviewed) { Shape = shapes.Of(field.TypeOid) }),
            ],
            CarriesPhi = true,
            ReachesPhi = true,
            InsertReachesPhi = true,
        });
    }

    internal static RelationKind KindOf(in RelationFact relation, SqlDialect dialect) =>
        ShippedClassification.IsSystemSchema(relation.Schema, dialect)
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
    private static HashSet<uint> WritesThatRunCode(CatalogueFacts facts, HashSet<uint> unreviewedTypes)
    {
        var runs = facts.Relations.Where(relation => relation.RunsUnreviewedCode).Select(relation => relation.Oid).Concat(unreviewedTypes).ToHashSet();
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
