using NUnit.Framework;
using Proxy.Core.Catalogue;
using Proxy.Core.Masking;
using Proxy.Core.Policy;
using Proxy.Tests.Core.Catalogue;

namespace Proxy.Tests.Core.Masking;

public sealed class MaskPlannerTests
{
    private const uint Text = 25;
    private static readonly CatalogueSnapshot Catalogue = SmallCatalogue.Build();
    private static readonly RiskAssessment Clean = new() { MentionsPhi = false, OriginlessIsClean = true, OriginsAreTrusted = true };
    private static readonly RiskAssessment Phi = Clean with { MentionsPhi = true, OriginlessIsClean = false };
    private static readonly Decision Redact = new(Verdict.Mask, MaskProfile.Redacted, "test", RiskClasses.Read, null);
    private static readonly Decision Pseudonym = Redact with { Profile = MaskProfile.Pseudonymous };
    private static readonly Decision ShowAll = Redact with { Verdict = Verdict.Allow, Profile = MaskProfile.Unmasked };

    [TestCase(SmallCatalogue.Departments, 1, MaskKind.Show)]
    [TestCase(SmallCatalogue.Departments, 3, MaskKind.Show)]
    [TestCase(SmallCatalogue.Departments, 2, MaskKind.Redact, Description = "no such column")]
    [TestCase(SmallCatalogue.Patients, 1, MaskKind.Show)]
    [TestCase(SmallCatalogue.Patients, 2, MaskKind.Redact)]
    [TestCase(SmallCatalogue.Patients, 5, MaskKind.Redact, Description = "nobody reviewed it")]
    [TestCase(SmallCatalogue.Patients, -1, MaskKind.Redact, Description = "ctid is no text")]
    [TestCase(SmallCatalogue.CleanView, 1, MaskKind.Show)]
    [TestCase(SmallCatalogue.PhiView, 1, MaskKind.Redact, Description = "until lineage says that it is id")]
    [TestCase(SmallCatalogue.PhiView, -1, MaskKind.Redact)]
    [TestCase(99_999u, 1, MaskKind.Redact, Description = "no such relation")]
    [TestCase(0u, 0, MaskKind.Redact)]
    [TestCase(SmallCatalogue.Departments, 0, MaskKind.Redact, Description = "half an origin is none")]
    public void Where_phi_is_mentioned_only_reviewed_origins_are_shown(uint relation, short attribute, MaskKind expected) =>
        Assert.That(KindOf(relation, attribute, Phi, Redact), Is.EqualTo(expected));

    [TestCase(-1, 27u, MaskKind.Show)]
    [TestCase(-2, 28u, MaskKind.Show)]
    [TestCase(-6, 26u, MaskKind.Show)]
    [TestCase(-1, 25u, MaskKind.Redact)]
    [TestCase(-6, 23u, MaskKind.Redact)]
    [TestCase(-7, 26u, MaskKind.Redact)]
    public void A_system_column_is_shown_if_it_has_its_type(short attribute, uint type, MaskKind expected)
    {
        var plan = new MaskPlanner(null).Plan(
            [new(SmallCatalogue.Patients, attribute, type, -1, false)], Phi, Catalogue, Redact, DateStyle.Iso, out _);
        Assert.That(plan[0].Kind, Is.EqualTo(expected));
    }

    [Test]
    public void A_column_without_origin_is_shown_where_nothing_can_put_phi_there() =>
        Assert.That(KindOf(0, 0, Clean, Redact), Is.EqualTo(MaskKind.Show));

    [Test]
    public void An_unknown_origin_is_masked_even_where_the_statement_seems_clean() =>
        Assert.That(KindOf(99_999, 1, Clean, Redact), Is.EqualTo(MaskKind.Redact));

    [Test]
    public void No_origin_is_trusted_where_unreviewed_code_may_have_run() =>
        Assert.That(KindOf(SmallCatalogue.Departments, 1, Clean with { OriginsAreTrusted = false }, Redact), Is.EqualTo(MaskKind.Redact));

    [Test]
    public void Nothing_is_shown_by_the_default_assessment() =>
        Assert.That(KindOf(SmallCatalogue.Departments, 1, new RiskAssessment(), Redact), Is.EqualTo(MaskKind.Redact));

    [TestCase(2, MaskKind.Pseudonym)]
    [TestCase(4, MaskKind.Redact, Description = "free text joins with nothing")]
    [TestCase(5, MaskKind.Redact, Description = "nobody reviewed it")]
    [TestCase(1, MaskKind.Show)]
    public void Pseudonyms_are_for_copies_of_known_identifiers(short attribute, MaskKind expected) =>
        Assert.That(KindOf(SmallCatalogue.Patients, attribute, Phi, Pseudonym), Is.EqualTo(expected));

    [Test]
    public void A_column_without_origin_is_redacted_under_pseudonyms_too() =>
        Assert.That(KindOf(0, 0, Phi, Pseudonym), Is.EqualTo(MaskKind.Redact));

    [Test]
    public void Pseudonyms_join_within_an_identifier()
    {
        using var keys = new MaskingKeys(new byte[32]);
        var plan = new MaskPlanner(keys).Plan(
            [new(SmallCatalogue.Patients, 2, Text, -1, false)], Phi, Catalogue, Pseudonym, DateStyle.Iso, out _);
        Assert.That(plan[0].Domain, Is.SameAs(keys.Domain(nameof(IdentifierClass.SocialSecurityNumber))));
    }

    [Test]
    public void Without_keys_a_pseudonym_is_a_redaction()
    {
        var plan = new MaskPlanner(null).Plan(
            [new(SmallCatalogue.Patients, 2, Text, -1, false)], Phi, Catalogue, Pseudonym, DateStyle.Iso, out _);
        Assert.That(plan[0].Kind, Is.EqualTo(MaskKind.Redact));
    }

    [Test]
    public void A_rule_that_unmasks_shows_everything() =>
        Assert.That(KindOf(99_999, 1, new RiskAssessment(), ShowAll), Is.EqualTo(MaskKind.Show));

    [TestCase(Verdict.Allow, MaskProfile.Redacted)]
    [TestCase(Verdict.Mask, MaskProfile.Unmasked)]
    [TestCase(Verdict.Refuse, MaskProfile.Unmasked)]
    public void Only_allow_together_with_unmasked_unmasks(Verdict verdict, MaskProfile profile) =>
        Assert.That(KindOf(SmallCatalogue.Patients, 2, Phi, Redact with { Verdict = verdict, Profile = profile }), Is.EqualTo(MaskKind.Redact));

    [TestCase(99_999u, 1, false)]
    [TestCase(SmallCatalogue.Departments, 2, false)]
    [TestCase(SmallCatalogue.Departments, 1, true)]
    [TestCase(0u, 0, true)]
    public void An_origin_that_the_catalogue_lacks_is_reported(uint relation, short attribute, bool isKnown)
    {
        new MaskPlanner(null).Plan([new(relation, attribute, Text, -1, false)], Phi, Catalogue, Redact, DateStyle.Iso, out var knowsEveryOrigin);
        Assert.That(knowsEveryOrigin, Is.EqualTo(isKnown));
    }

    private static MaskKind KindOf(uint relation, short attribute, RiskAssessment assessment, Decision decision)
    {
        using var keys = new MaskingKeys(new byte[32]);
        return new MaskPlanner(keys).Plan([new(relation, attribute, Text, -1, false)], assessment, Catalogue, decision, DateStyle.Iso, out _)[0].Kind;
    }
}
