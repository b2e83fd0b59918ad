using System.Runtime.CompilerServices;
using NUnit.Framework;
using Proxy.Core.Catalogue;
using Proxy.Core.Catalogue.Facts;
using Proxy.Core.Masking;
using Proxy.Core.Policy;
using Proxy.Core.Policy.Budgets;
using Proxy.Core.Sql;
using Proxy.Tests.Core.Catalogue;
using Proxy.Tests.Support;

namespace Proxy.Tests.Core.Policy;

public sealed class SessionJudgeTests
{
    [TestCase("copy patients to stdout", Verdict.Allow)]
    [TestCase("select * from patients", Verdict.Allow)]
    [TestCase("set client_encoding to latin1", Verdict.Refuse)]
    [TestCase("set standard_conforming_strings to off", Verdict.Refuse)]
    [TestCase("set role x", Verdict.Allow)]
    public async Task A_rule_that_shows_everything_lets_pass_what_needs_no_mask(string sql, Verdict verdict) =>
        Assert.That((await JudgeAsync(sql, Everything(MaskProfile.Unmasked))).Verdict, Is.EqualTo(verdict));

    [TestCase("copy patients to stdout", Verdict.Refuse)]
    [TestCase("copy departments to stdout", Verdict.Mask)]
    [TestCase("select * from patients", Verdict.Mask)]
    [TestCase("set client_encoding to latin1", Verdict.Refuse)]
    public async Task A_rule_that_masks_everything_lets_pass_what_can_be_masked(string sql, Verdict verdict) =>
        Assert.That((await JudgeAsync(sql, Everything(MaskProfile.Redacted))).Verdict, Is.EqualTo(verdict));

    [Test]
    public async Task A_catalogue_that_changed_elsewhere_renews_the_judgement()
    {
        var (source, judge) = Switched();
        var analysis = await AnalysisAsync("select id, ward from patients");
        var before = Remembered(judge, analysis);

        source.Change(SmallCatalogue.Facts with { Columns = [.. SmallCatalogue.Facts.Columns, new ColumnFact(SmallCatalogue.Lonely, 9, "word", 25, "text", false, false)] });

        Assert.That(judge.IsCurrent(before, new NoNames()), Is.False);
        var after = judge.Judge(analysis, new NoNames());
        Assert.That(after.AssessmentOf(0).Lineage, Is.SameAs(before.AssessmentOf(0).Lineage));
        Assert.That(after.CatalogueVersion, Is.EqualTo(source.Current.Version).And.GreaterThan(before.CatalogueVersion));
        Assert.That(judge.IsCurrent(after, new NoNames()));
    }

    /// <summary>Whatever a judgement says besides: what is forgotten counts against no budget, or is guarded by nothing.</summary>
    [Test]
    public async Task A_renewed_judgement_says_all_that_the_first_did()
    {
        using var codes = new BudgetCodes();
        var (source, judge) = Switched(new BudgetBook(codes, TimeProvider.System));
        var analysis = await AnalysisAsync("select id from patients where ssn = $1");
        var before = Remembered(judge, analysis);

        source.Change(SmallCatalogue.Facts with { Columns = [.. SmallCatalogue.Facts.Columns, new ColumnFact(SmallCatalogue.Lonely, 9, "word", 25, "text", false, false)] });
        var after = judge.Judge(analysis, new NoNames());

        Assert.That(after, Is.Not.SameAs(before));
        Assert.That(before.Compared, Is.Not.Null);
        foreach (var property in typeof(Judgement).GetProperties().Where(static one => one.CanWrite && one.Name is not (nameof(Judgement.Catalogue) or nameof(Judgement.CatalogueVersion))))
            Assert.That(property.GetValue(after), Is.EqualTo(property.GetValue(before)), property.Name);
    }

    [Test]
    public async Task A_catalogue_that_changed_what_is_read_voids_the_judgement()
    {
        var (source, judge) = Switched();
        var analysis = await AnalysisAsync("select id, ward from patients");
        var before = Remembered(judge, analysis);

        source.Change(SmallCatalogue.Facts with { Columns = [.. SmallCatalogue.Facts.Columns, new ColumnFact(SmallCatalogue.Patients, 9, "word", 25, "text", false, false)] });

        Assert.That(judge.Judge(analysis, new NoNames()).AssessmentOf(0).Lineage, Is.Not.SameAs(before.AssessmentOf(0).Lineage));
    }

    [Test]
    public async Task A_prepared_statement_keeps_its_judgement_through_more_statements_than_are_remembered()
    {
        var (source, judge) = Switched();
        var analysis = await AnalysisAsync("select id, ward from patients");
        var before = judge.Judge(analysis, new NoNames());
        source.Change(SmallCatalogue.Facts);
        judge.Judge(await AnalysisAsync("select 1"), new NoNames());

        Assert.That(judge.Judge(analysis, new NoNames(), before).AssessmentOf(0).Lineage, Is.SameAs(before.AssessmentOf(0).Lineage));
    }

    [Test]
    public async Task A_prepared_name_means_what_it_meant_while_the_catalogue_changes_elsewhere()
    {
        var (source, judge) = Switched();
        var prepared = judge.Judge(await AnalysisAsync("select id, ward from patients"), new NoNames()).AssessmentOf(0) with { IsQuery = true };

        source.Change(SmallCatalogue.Facts with { Columns = [.. SmallCatalogue.Facts.Columns, new ColumnFact(SmallCatalogue.Lonely, 9, "word", 25, "text", false, false)] });
        Assert.That(judge.Judge(await AnalysisAsync("execute p"), new OneName(prepared)).AssessmentOf(0).Has(RiskClasses.Inference), Is.False);

        source.Change(SmallCatalogue.Facts with { Columns = [.. SmallCatalogue.Facts.Columns, new ColumnFact(SmallCatalogue.Patients, 9, "word", 25, "text", false, false)] });
        Assert.That(judge.Judge(await AnalysisAsync("execute p"), new OneName(prepared)).AssessmentOf(0).Has(RiskClasses.Inference));
    }

    [TestCase("select 1", 1, Verdict.Allow)]
    [TestCase("select 1", 2, Verdict.Refuse)]
    public async Task Where_the_rules_want_one_statement_in_a_text_several_are_refused(string sql, int count, Verdict verdict)
    {
        var principal = new Principal { Issuer = "https://issuer.test", Subject = "agent", ExpiresAt = DateTimeOffset.MaxValue };
        var rule = Everything(MaskProfile.Unmasked) with { Session = new SessionSettings { OneStatementPerText = true } };
        var judge = new SessionJudge(
            principal, "target", "database", new SwitchablePolicy(new AccessPolicy([rule], "version")), new Fixed(), new MaskPlanner(null), TimeProvider.System);
        var reading = await Reader.ReadAsync(sql);
        var analysis = new StatementAnalysis { Status = AnalysisStatus.Read, Statements = [.. Enumerable.Repeat(reading, count)], Fingerprint = 1 };
        var decision = judge.Judge(analysis, new NoNames()).Decision;
        Assert.That(decision.Verdict, Is.EqualTo(verdict));
        if (count > 1) Assert.That(decision.Refusal!.Code, Is.EqualTo(Refusals.MultiStatementRefused.Code));
    }

    [Test]
    public async Task Judgements_do_not_keep_a_catalogue_that_was_replaced()
    {
        var (source, judge) = Switched();
        var judgements = new List<Judgement>();
        foreach (var text in (string[])["select id, ward from patients", "drop table lonely", "create temp table t as select ssn from patients", "copy patients to stdout"])
            judgements.Add(judge.Judge(await AnalysisAsync(text), new NoNames()));
        var replaced = Replace(source);

        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();

        Assert.That(replaced.TryGetTarget(out _), Is.False);
        GC.KeepAlive(judgements);
        GC.KeepAlive(judge);
    }

    /// <summary>In a frame of its own, so that nothing here refers to the old one.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference<CatalogueSnapshot> Replace(Fixed source)
    {
        var replaced = new WeakReference<CatalogueSnapshot>(source.Current);
        source.Change(SmallCatalogue.Facts);
        return replaced;
    }

    /// <summary>Of a text that comes a second time.</summary>
    private static Judgement Remembered(SessionJudge judge, StatementAnalysis analysis)
    {
        judge.Judge(analysis, new NoNames());
        return judge.Judge(analysis, new NoNames());
    }

    private static (Fixed Source, SessionJudge Judge) Switched(BudgetBook? budgets = null)
    {
        var principal = new Principal { Issuer = "https://issuer.test", Subject = "agent", ExpiresAt = DateTimeOffset.MaxValue };
        var source = new Fixed();
        var policies = new SwitchablePolicy(new AccessPolicy([Everything(MaskProfile.Redacted)], "version"));
        return (source, new SessionJudge(principal, "target", "database", policies, source, new MaskPlanner(null), TimeProvider.System, budgets));
    }

    private static async Task<StatementAnalysis> AnalysisAsync(string sql) =>
        new() { Status = AnalysisStatus.Read, Statements = [await Reader.ReadAsync(sql)], Fingerprint = 1 };

    private static async Task<Decision> JudgeAsync(string sql, AccessRule rule)
    {
        var principal = new Principal { Issuer = "https://issuer.test", Subject = "agent", ExpiresAt = DateTimeOffset.MaxValue };
        var judge = new SessionJudge(
            principal, "target", "database", new SwitchablePolicy(new AccessPolicy([rule], "version")), new Fixed(), new MaskPlanner(null), TimeProvider.System);
        var analysis = new StatementAnalysis { Status = AnalysisStatus.Read, Statements = [await Reader.ReadAsync(sql)], Fingerprint = 1 };
        return judge.Judge(analysis, new NoNames()).Decision;
    }

    private static AccessRule Everything(MaskProfile profile) => new()
    {
        Name = "everything",
        Risk = new RiskCondition { Within = ~RiskClasses.None },
        Verdict = Verdict.Allow,
        Profile = profile,
    };

    private sealed class Fixed : ICatalogueSource
    {
        public CatalogueSnapshot Current { get; private set; } = SmallCatalogue.Build();

        public void Change(CatalogueFacts facts) =>
            Current = SnapshotBuilder.Build(Current.Version + 1, facts, SmallCatalogue.Classification, previous: Current);

        public bool IsFresh => true;

        public string? StaleReason => null;

        public void RequestRefresh()
        {
        }
    }

    private sealed class OneName(RiskAssessment prepared) : INamedStatements
    {
        public RiskAssessment? Prepared(string name) => prepared;

        public RiskAssessment? Cursor(string name) => null;
    }

    private sealed class NoNames : INamedStatements
    {
        public RiskAssessment? Prepared(string name) => null;

        public RiskAssessment? Cursor(string name) => null;
    }
}
