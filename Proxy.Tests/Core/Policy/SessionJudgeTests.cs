using NUnit.Framework;
using Proxy.Core.Catalogue;
using Proxy.Core.Masking;
using Proxy.Core.Policy;
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
        public CatalogueSnapshot Current { get; } = SmallCatalogue.Build();

        public bool IsFresh => true;

        public string? StaleReason => null;

        public void RequestRefresh()
        {
        }
    }

    private sealed class NoNames : INamedStatements
    {
        public RiskAssessment? Prepared(string name) => null;

        public RiskAssessment? Cursor(string name) => null;
    }
}
