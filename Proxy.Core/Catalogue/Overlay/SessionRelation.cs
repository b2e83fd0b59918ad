using System.Collections.Immutable;
using Proxy.Core.Sql;

namespace Proxy.Core.Catalogue.Overlay;

/// <summary>A relation that a session has made itself, and that the shared catalogue does not show, or not yet.</summary>
public sealed record SessionRelation
{
    /// <summary>What the server calls the schema of temporary relations in statements; its real name differs from session to session.</summary>
    public const string TemporarySchema = "pg_temp";

    private SessionRelation(CatalogueRelation relation, bool isTemporary, bool dropsOnCommit, IColumnClassifier? classifier)
    {
        Relation = relation;
        IsTemporary = isTemporary;
        DropsOnCommit = dropsOnCommit;
        Classifier = classifier;
    }

    /// <summary>Its <see cref="CatalogueRelation.Oid"/> is 0: only the server knows it.</summary>
    public CatalogueRelation Relation { get; private init; }

    public bool IsTemporary { get; }

    public bool DropsOnCommit { get; }

    /// <summary>By which classification the classes of copied columns were found; null for a relation that was made empty.</summary>
    private IColumnClassifier? Classifier { get; }

    /// <summary>CREATE TABLE: it holds nothing but what the session writes into it, and PHI written into it would be export, hence refused.</summary>
    public static SessionRelation Empty(QualifiedName name, bool isTemporary, bool dropsOnCommit, IEnumerable<string> columns) =>
        new(Make(name, isTemporary, columns.Select(static column => (column, IdentifierClass.NotPhi))), isTemporary, dropsOnCommit, null);

    /// <summary>CREATE TABLE AS: each column has the class that lineage gave it.</summary>
    /// <param name="name">As the statement spells it.</param>
    /// <param name="isTemporary">Whether nobody but the session can see it.</param>
    /// <param name="dropsOnCommit">Whether it ends with its transaction.</param>
    /// <param name="columns">In order, with their classes.</param>
    /// <param name="catalogue">The catalogue that lineage used.</param>
    public static SessionRelation Copy(
        QualifiedName name, bool isTemporary, bool dropsOnCommit, IEnumerable<(string Name, IdentifierClass Class)> columns, CatalogueSnapshot catalogue) =>
        new(Make(name, isTemporary, columns), isTemporary, dropsOnCommit, catalogue.Classifier);

    /// <summary>Whether the name can mean it.</summary>
    public bool CanBe(QualifiedName name) =>
        string.Equals(name.Name, Relation.Name, StringComparison.Ordinal)
        && (name.Schema is null
            // Made without a schema, it is in the first of the search path, whichever that was.
            || (IsTemporary ? name.Schema.StartsWith(TemporarySchema, StringComparison.Ordinal) : Relation.Schema.Length == 0)
            || string.Equals(name.Schema, Relation.Schema, StringComparison.Ordinal));

    /// <summary>What is known of it under this catalogue: should people have classified anew since it was filled, every column may hold anything.</summary>
    public CatalogueRelation Under(CatalogueSnapshot catalogue) =>
        Classifier is null || ReferenceEquals(Classifier, catalogue.Classifier) ? Relation : Unreviewed();

    /// <summary>After its transaction: what others can see they can write, and nobody has reviewed it.</summary>
    public SessionRelation Shared() =>
        IsTemporary || Relation.Columns.All(static column => column.Class is IdentifierClass.Unreviewed) ? this : this with { Relation = Unreviewed() };

    public override string ToString() => Relation.ToString();

    private static CatalogueRelation Make(QualifiedName name, bool isTemporary, IEnumerable<(string Name, IdentifierClass Class)> columns)
    {
        ImmutableArray<CatalogueColumn> made =
            [.. columns.Select(static (column, i) => new CatalogueColumn((short)(i + 1), column.Name, TypeOid: 0, IsNotNull: false, column.Class))];
        return Make(isTemporary ? TemporarySchema : name.Schema ?? "", name.Name, made);
    }

    private static CatalogueRelation Make(string schema, string name, ImmutableArray<CatalogueColumn> columns)
    {
        var carries = columns.Any(static column => column.IsPhi);
        return new CatalogueRelation
        {
            Oid = 0,
            Schema = schema,
            Name = name,
            Kind = RelationKind.BaseTable,
            Columns = columns,
            CarriesPhi = carries,
            ReachesPhi = carries,
            InsertReachesPhi = carries,
        };
    }

    private CatalogueRelation Unreviewed() =>
        Make(Relation.Schema, Relation.Name, [.. Relation.Columns.Select(static column => column with { Class = IdentifierClass.Unreviewed })]);
}
