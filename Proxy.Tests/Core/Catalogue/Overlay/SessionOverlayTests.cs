using NUnit.Framework;
using Proxy.Core.Catalogue;
using Proxy.Core.Catalogue.Overlay;
using Proxy.Core.Sql;

namespace Proxy.Tests.Core.Catalogue.Overlay;

public sealed class SessionOverlayTests
{
    private static readonly CatalogueSnapshot Catalogue = SmallCatalogue.Build();

    [TestCase(null, "t", true)]
    [TestCase("pg_temp", "t", true)]
    [TestCase("pg_temp_7", "t", true, Description = "the schema's real name, which only the server knows")]
    [TestCase("public", "t", false)]
    [TestCase(null, "u", false)]
    public void A_temporary_table_is_found_by_the_names_that_can_mean_it(string? schema, string name, bool isFound)
    {
        var overlay = SessionOverlay.Empty.With(Temporary("t"));
        Assert.That(overlay.Candidates(new QualifiedName(schema, name), Catalogue), Has.Length.EqualTo(isFound ? 1 : 0));
    }

    [Test]
    public void A_name_that_session_and_catalogue_know_means_either()
    {
        var candidates = SessionOverlay.Empty.With(Temporary("departments")).Candidates(new QualifiedName(null, "departments"), Catalogue);
        Assert.That(candidates.Select(relation => relation.Schema), Is.EqualTo(new[] { "pg_temp", "public" }));
    }

    [Test]
    public void A_permanent_table_made_without_a_schema_can_be_in_any()
    {
        var overlay = SessionOverlay.Empty.With(SessionRelation.Empty(new QualifiedName(null, "t"), isTemporary: false, dropsOnCommit: false, ["a"]));
        Assert.That(overlay.Candidates(new QualifiedName("anything", "t"), Catalogue), Has.Length.EqualTo(1));
    }

    [Test]
    public void Columns_have_the_classes_of_what_was_copied()
    {
        var made = Single(SessionOverlay.Empty.With(Copied("t", IdentifierClass.Name)), Catalogue);
        Assert.Multiple(() =>
        {
            Assert.That(made.Column("a")!.Class, Is.EqualTo(IdentifierClass.Name));
            Assert.That(made.CarriesPhi, Is.True);
            Assert.That(Single(SessionOverlay.Empty.With(Temporary("t")), Catalogue).CarriesPhi, Is.False);
        });
    }

    [Test]
    public void What_was_copied_under_another_classification_is_unreviewed()
    {
        var overlay = SessionOverlay.Empty.With(Copied("t", IdentifierClass.NotPhi)).With(Temporary("u"));
        var reclassified = SnapshotBuilder.Build(8, SmallCatalogue.Facts, SmallCatalogue.Classification);
        Assert.Multiple(() =>
        {
            Assert.That(Single(overlay, Catalogue).CarriesPhi, Is.False);
            Assert.That(Single(overlay, reclassified).CarriesPhi, Is.True);
            Assert.That(overlay.Candidates(new QualifiedName(null, "u"), reclassified).Single().CarriesPhi, Is.False, "it was made empty");
        });
    }

    [Test]
    public void A_name_that_may_mean_another_relation_is_not_forgotten_when_it_is_dropped()
    {
        var overlay = SessionOverlay.Empty.With(Temporary("departments")).With(Temporary("t"));
        Assert.Multiple(() =>
        {
            Assert.That(OverlayEffect.Drops([new QualifiedName(null, "departments")], Catalogue).ApplyTo(overlay).Candidates(new QualifiedName("pg_temp", "departments"), Catalogue), Has.Length.EqualTo(1));
            Assert.That(OverlayEffect.Drops([new QualifiedName(null, "t")], Catalogue).ApplyTo(overlay).Candidates(new QualifiedName(null, "t"), Catalogue), Is.Empty);
        });
    }

    [Test]
    public void A_change_for_all_is_shown_once_the_catalogue_was_confirmed_after_its_commit()
    {
        var history = new OverlayHistory();
        history.Apply(OverlayEffect.SharedChange);
        Assert.That(history.Current.IsShownBy(long.MaxValue), Is.False, "uncommitted");
        history.EndTransaction(isCommitted: true, now: 100);
        Assert.Multiple(() =>
        {
            Assert.That(history.Current.IsShownBy(100), Is.False);
            Assert.That(history.Current.IsShownBy(101), Is.True);
            Assert.That(SessionOverlay.Empty.IsShownBy(long.MinValue), Is.True);
        });
    }

    [Test]
    public void A_permanent_table_is_unreviewed_once_others_can_write_it()
    {
        var history = new OverlayHistory();
        history.Apply(OverlayEffect.Creates(SessionRelation.Empty(new QualifiedName(null, "t"), isTemporary: false, dropsOnCommit: false, ["a"])));
        var before = Single(history.Current, Catalogue).CarriesPhi;
        history.EndTransaction(isCommitted: true, now: 1);
        Assert.Multiple(() =>
        {
            Assert.That(before, Is.False);
            Assert.That(Single(history.Current, Catalogue).CarriesPhi, Is.True);
        });
    }

    [Test]
    public void A_table_that_drops_on_commit_is_gone_with_its_transaction()
    {
        var history = new OverlayHistory();
        history.Apply(OverlayEffect.Creates(SessionRelation.Empty(new QualifiedName(null, "t"), isTemporary: true, dropsOnCommit: true, ["a"])));
        history.EndTransaction(isCommitted: true, now: 1);
        Assert.That(history.Current.HasRelations, Is.False);
    }

    [Test]
    public void The_ends_of_transactions_that_did_nothing_leave_the_overlay_as_it_was()
    {
        var history = new OverlayHistory();
        history.Apply(OverlayEffect.Creates(SessionRelation.Empty(new QualifiedName(null, "t"), isTemporary: false, dropsOnCommit: false, ["a"])));
        history.EndTransaction(isCommitted: true, now: 1);
        var overlay = history.Current;
        history.EndTransaction(isCommitted: true, now: 2);
        Assert.That(history.Current, Is.SameAs(overlay));
    }

    [Test]
    public void A_session_with_more_relations_than_can_be_followed_is_not_shown_by_any_catalogue()
    {
        var overlay = SessionOverlay.Empty;
        for (var i = 0; i <= 1000; i++)
            overlay = overlay.With(Temporary($"t{i}"));
        Assert.That(overlay.IsShownBy(long.MaxValue), Is.False);
    }

    private static CatalogueRelation Single(SessionOverlay overlay, CatalogueSnapshot catalogue) =>
        overlay.Candidates(new QualifiedName(null, "t"), catalogue).Single();

    private static SessionRelation Temporary(string name) =>
        SessionRelation.Empty(new QualifiedName(null, name), isTemporary: true, dropsOnCommit: false, ["a"]);

    private static SessionRelation Copied(string name, IdentifierClass of) =>
        SessionRelation.Copy(new QualifiedName(null, name), isTemporary: true, dropsOnCommit: false, [("a", of)], Catalogue);
}
