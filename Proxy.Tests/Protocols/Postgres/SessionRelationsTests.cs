using NUnit.Framework;
using Proxy.Core.Catalogue;
using Proxy.Core.Catalogue.Overlay;
using Proxy.Core.Masking;
using Proxy.Core.Masking.Errors;
using Proxy.Core.Policy;
using Proxy.Core.Sql;
using Proxy.Protocols.Postgres;

namespace Proxy.Tests.Protocols.Postgres;

public sealed class SessionRelationsTests
{
    private SessionRelations _relations = new();

    [SetUp]
    public void Begin() => _relations = new SessionRelations();

    [Test]
    public void A_commit_that_the_server_tags_as_rollback_undoes_what_was_made()
    {
        Complete(StatementKind.Schema, "CREATE TABLE", creates: "t");
        Complete(StatementKind.Commit, "ROLLBACK");
        Assert.That(_relations.Current.HasRelations, Is.False);
    }

    [Test]
    public void What_is_prepared_for_a_commit_by_anybody_is_not_seen()
    {
        Complete(StatementKind.Schema, "CREATE TABLE", creates: "t");
        Complete(StatementKind.PrepareTransaction, "PREPARE TRANSACTION");
        Assert.That(_relations.Current.HasRelations, Is.False);
    }

    [TestCase("DISCARD ALL", false)]
    [TestCase("DISCARD TEMP", false)]
    [TestCase("DISCARD PLANS", true)]
    public void Discarding_is_told_by_the_tag(string tag, bool keeps)
    {
        Complete(StatementKind.Schema, "CREATE TABLE", creates: "t");
        Complete(StatementKind.Discard, tag);
        Assert.That(_relations.Current.HasRelations, Is.EqualTo(keeps));
    }

    [Test]
    public void A_savepoint_taken_before_anything_was_made_brings_that_back()
    {
        Complete(StatementKind.Savepoint, "SAVEPOINT", name: "s");
        Complete(StatementKind.Schema, "CREATE TABLE", creates: "t");
        Complete(StatementKind.RollbackToSavepoint, "ROLLBACK", name: "s");
        Assert.That(_relations.Current.HasRelations, Is.False);
    }

    [Test]
    public void Only_what_can_change_relations_has_to_be_waited_for()
    {
        Assert.Multiple(() =>
        {
            Assert.That(_relations.MayChange(Judged(StatementKind.Commit), isChanging: false), Is.False, "there is nothing to go back from");
            Assert.That(_relations.MayChange(Judged(StatementKind.Commit), isChanging: true), Is.True);
            Assert.That(_relations.MayChange(Judged(StatementKind.Schema, creates: "t"), isChanging: false), Is.True);
        });
        Complete(StatementKind.Schema, "CREATE TABLE", creates: "t");
        Assert.Multiple(() =>
        {
            Assert.That(_relations.MayChange(Judged(StatementKind.Commit), isChanging: false), Is.True);
            Assert.That(_relations.MayChange(Judged(StatementKind.Select), isChanging: false), Is.False);
        });
    }

    private void Complete(StatementKind kind, string tag, string? name = null, string? creates = null) =>
        _relations.Apply(Judged(kind, name, creates), 0, System.Text.Encoding.ASCII.GetBytes(tag), now: 1);

    private static FixedJudgement Judged(StatementKind kind, string? name = null, string? creates = null) => new(creates)
    {
        Analysis = new StatementAnalysis
        {
            Status = AnalysisStatus.Read,
            Statements = [new StatementReading { Kind = kind, Start = 0, Length = 1, ObjectName = name }],
            Fingerprint = 1,
        },
        Decision = Decision.Refused(Refusals.StatementOpaque.Because("a test"), RiskClasses.Unknown, "1"),
        Catalogue = CatalogueSnapshot.Empty,
        PolicyVersion = "1",
        TrustsCatalogue = true,
    };

    private sealed class FixedJudgement(string? creates) : Judgement
    {
        public override OverlayEffect EffectOf(int statement) => creates is null
            ? OverlayEffect.None
            : OverlayEffect.Creates(SessionRelation.Empty(new QualifiedName(null, creates), isTemporary: true, dropsOnCommit: false, ["a"]));

        public override RiskAssessment AssessmentOf(int statement) => RiskAssessment.Unreadable;

        public override MaskPlan PlanFor(int statement, ReadOnlySpan<ResultColumn> columns) => MaskPlan.Everything;

        public override ErrorTreatment TreatmentOf(in ErrorSummary error) => default;
    }
}
