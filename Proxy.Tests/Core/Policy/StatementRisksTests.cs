using NUnit.Framework;
using Proxy.Core.Masking;
using Proxy.Core.Policy;
using Proxy.Tests.Core.Catalogue;
using Proxy.Tests.Core.Sql.Lineage;

namespace Proxy.Tests.Core.Policy;

/// <summary>What of a statement's conditions is left under a profile: no more than what it tells beyond that profile's masks.</summary>
public sealed class StatementRisksTests
{
    [TestCase("select id from patients where dob > '1990-01-01'", MaskProfile.LimitedDataSet, "read+phi-read")]
    [TestCase("select id from patients where dob > '1990-01-01'", MaskProfile.SafeHarbor, "read+phi-read+inference")]
    [TestCase("select id from patients where dob > '1990-01-01'", MaskProfile.Pseudonymous, "read+phi-read+inference")]
    [TestCase("select id from patients where dob > '1990-01-01'", MaskProfile.Redacted, "read+phi-read+inference")]
    [TestCase("select extract(year from dob), count(*) from patients group by 1", MaskProfile.LimitedDataSet, "read+phi-read")]
    [TestCase("select extract(year from dob), count(*) from patients group by 1", MaskProfile.SafeHarbor, "read+phi-read+inference")]
    [TestCase("select dob, count(*) from patients group by dob order by dob", MaskProfile.LimitedDataSet, "read+phi-read")]
    [TestCase("select dob, count(*) from patients group by dob order by dob", MaskProfile.Pseudonymous, "read+phi-read+phi-ordering+phi-grouping")]
    [TestCase("select dob, count(*) from patients group by dob order by dob", MaskProfile.SafeHarbor, "read+phi-read+inference")]
    [TestCase("select id from patients order by ssn", MaskProfile.LimitedDataSet, "read+phi-read+inference")]
    [TestCase("select id from patients order by ssn", MaskProfile.Unmasked, "read+phi-read+phi-ordering")]
    [TestCase("select id from patients where ssn = '1'", MaskProfile.LimitedDataSet, "read+phi-read+phi-equality")]
    [TestCase("select id from patients where ssn = '1' and dob < now()", MaskProfile.LimitedDataSet, "read+phi-read+phi-equality")]
    [TestCase("select id from patients where ssn = dob::text", MaskProfile.LimitedDataSet, "read+phi-read+inference")]
    [TestCase("select id from patients where surname < 'Q'", MaskProfile.LimitedDataSet, "read+phi-read+inference")]
    [TestCase("select id from patients where chart is not null", MaskProfile.Redacted, "read+phi-read")]
    public async Task A_condition_counts_as_far_as_the_profile_hides_what_it_tells(string sql, MaskProfile profile, string classes) =>
        Assert.That(RiskClassNames.Format((await AssessAsync(sql)).Risks.Under(profile)), Is.EqualTo(classes));

    [TestCase("select id from amounts order by hand", "read+phi-read+inference")]
    [TestCase("select hand, count(*) from amounts group by hand", "read+phi-read+inference")]
    [TestCase("select id from amounts where hand = true", "read+phi-read+phi-equality")]
    public async Task Where_a_type_has_no_tokens_order_and_groups_tell_more_than_tokens_would(string sql, string classes) =>
        Assert.That(RiskClassNames.Format((await AssessAsync(sql)).Risks.Under(MaskProfile.Pseudonymous)), Is.EqualTo(classes));

    [Test]
    public async Task What_a_name_stands_for_counts_under_the_same_profile()
    {
        var prepared = await AssessAsync("select id from patients where dob > $1");
        var execute = RiskAssessor.Assess(await Reader.ReadAsync("execute q ('1990-01-01')"), await LineageCatalogueFixture.SnapshotAsync(), prepared);

        Assert.That(execute.Risks.Under(MaskProfile.LimitedDataSet).HasFlag(RiskClasses.Inference), Is.False);
        Assert.That(execute.Risks.Under(MaskProfile.SafeHarbor).HasFlag(RiskClasses.Inference), Is.True);
    }

    [Test]
    public void A_rule_that_refuses_sees_all_classes_and_one_that_lets_through_those_of_its_profile()
    {
        var risks = new StatementRisks(RiskClasses.Read | RiskClasses.Inference, RiskClasses.Read | RiskClasses.Inference, RiskClasses.Read | RiskClasses.Inference, RiskClasses.Read, RiskClasses.Read | RiskClasses.Inference);
        var refuses = new AccessRule { Name = "no inference", Risk = new RiskCondition { AnyOf = RiskClasses.Inference }, Verdict = Verdict.Refuse };
        var studies = new AccessRule { Name = "studies", Risk = new RiskCondition { Within = RiskClasses.Read }, Verdict = Verdict.Mask, Profile = MaskProfile.LimitedDataSet };

        Assert.Multiple(() =>
        {
            Assert.That(refuses.Matches(risks, DateTimeOffset.UnixEpoch), Is.True);
            Assert.That(studies.Matches(risks, DateTimeOffset.UnixEpoch), Is.True);
            Assert.That((studies with { Profile = MaskProfile.SafeHarbor }).Matches(risks, DateTimeOffset.UnixEpoch), Is.False);
        });
    }

    private static async Task<RiskAssessment> AssessAsync(string sql) =>
        RiskAssessor.Assess(await Reader.ReadAsync(sql), await LineageCatalogueFixture.SnapshotAsync());
}
