using NUnit.Framework;
using Proxy.Core.Catalogue;
using Proxy.Core.Catalogue.Overlay;
using Proxy.Core.Masking.Postgres;
using Proxy.Core.Sql;
using Proxy.Tests.Core.Sql.Lineage.MySql;

namespace Proxy.Tests.Host.Catalogue.MySql;

/// <summary>What the loader finds on a real MariaDB.</summary>
public sealed class MySqlCatalogueTests
{
    private const string Schema = MySqlLineageFixture.Hospital;

    [Test]
    public async Task Relations_columns_and_types_are_there()
    {
        var patients = await RelationAsync("patients");

        Assert.Multiple(() =>
        {
            Assert.That(patients.Kind, Is.EqualTo(RelationKind.BaseTable));
            Assert.That(patients.Column("ssn"), Is.EqualTo(patients.Column("ssn")! with { TypeOid = PostgresTypeOid.Varchar, TypeModifier = 15, IsNotNull = true }));
            Assert.That(patients.Column("chart")!.TypeOid, Is.EqualTo(PostgresTypeOid.Json));
            Assert.That(patients.Column("ssn_digits")!.IsGenerated, Is.True);
            Assert.That(patients.Column("ssn_digits")!.Class, Is.EqualTo(IdentifierClass.FreeText));
            Assert.That(patients.ReachesPhi, Is.True);
        });
    }

    [Test]
    public async Task Labels_of_an_enum_are_read()
    {
        var snapshot = await MySqlLineageFixture.SnapshotAsync();
        var status = (await RelationAsync("patients")).Column("status")!;

        Assert.That(snapshot.Types.Find(status.TypeOid)!.Labels, Is.EqualTo(["open", "it's closed"]));
    }

    [Test]
    public async Task A_column_is_classified_as_it_was_declared_and_named_without_case() =>
        Assert.That((await RelationAsync("Odd Table")).Column("homephone")!.Class, Is.EqualTo(IdentifierClass.Telephone));

    [Test]
    public async Task Views_hold_what_their_queries_say()
    {
        var directory = await RelationAsync("directory");

        Assert.Multiple(() =>
        {
            Assert.That(directory.Kind, Is.EqualTo(RelationKind.View));
            Assert.That(directory.Column("label")!.Class, Is.EqualTo(IdentifierClass.Name));
            Assert.That(directory.Column("ward")!.Class, Is.EqualTo(IdentifierClass.NotPhi));
            Assert.That(directory.Column("low")!.Class, Is.EqualTo(IdentifierClass.Unreviewed));
        });
    }

    [Test]
    public async Task A_trigger_makes_a_write_a_procedure()
    {
        Assert.That((await RelationAsync("watched")).RunsUnreviewedCode, Is.True);
        Assert.That((await RelationAsync("wards")).RunsUnreviewedCode, Is.False);
    }

    [Test]
    public async Task What_sessions_say_is_masked_and_structure_is_shown()
    {
        var snapshot = await MySqlLineageFixture.SnapshotAsync();
        var processes = snapshot.Candidates(new QualifiedName("information_schema", "processlist"))[0];
        var columns = snapshot.Candidates(new QualifiedName("information_schema", "columns"))[0];

        Assert.Multiple(() =>
        {
            Assert.That(processes.Kind, Is.EqualTo(RelationKind.SystemTable));
            Assert.That(processes.Column("info")!.IsPhi, Is.True);
            Assert.That(processes.Column("id")!.IsPhi, Is.False);
            Assert.That(columns.Column("column_name")!.IsPhi, Is.False);
            Assert.That(snapshot.Candidates(new QualifiedName("mysql", "global_priv")).All(static relation => relation.Columns.All(static column => column.IsPhi)), Is.True);
        });
    }

    [Test]
    public async Task Routines_have_a_hash_that_a_person_can_declare()
    {
        var snapshot = await MySqlLineageFixture.SnapshotAsync();

        Assert.That(snapshot.FunctionsNamed(new QualifiedName(Schema, "card")) is [{ BodyHash.Length: 64, Kind: FunctionKind.Procedure }], Is.True);
    }

    [Test]
    public async Task An_unqualified_name_is_one_of_the_sessions_database()
    {
        var snapshot = await MySqlLineageFixture.SnapshotAsync();
        var name = new QualifiedName(null, "patients");
        var overlay = SessionOverlay.Empty.WithDefaultSchema(MySqlLineageFixture.Archive);

        Assert.That(overlay.Candidates(name, snapshot).Select(static relation => relation.Schema), Is.EqualTo([MySqlLineageFixture.Archive]));
        Assert.That(SessionOverlay.Empty.Candidates(name, snapshot), Has.Length.GreaterThan(1));
    }

    private static async Task<CatalogueRelation> RelationAsync(string name) =>
        (await MySqlLineageFixture.SnapshotAsync()).Candidates(new QualifiedName(Schema, name)) is [var only] ? only : throw new InvalidOperationException(name);
}
