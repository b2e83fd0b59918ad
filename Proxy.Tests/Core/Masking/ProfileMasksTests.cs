using NUnit.Framework;
using Proxy.Core.Catalogue;
using Proxy.Core.Masking;

namespace Proxy.Tests.Core.Masking;

public sealed class ProfileMasksTests
{
    private static readonly MaskProfile[] Profiles = [MaskProfile.Redacted, MaskProfile.SafeHarbor, MaskProfile.LimitedDataSet, MaskProfile.Pseudonymous];

    /// <summary>In the order of <see cref="Profiles"/>.</summary>
    private const string Table = """
        Unreviewed           Redact Redact    Redact Redact
        NotPhi               Show   Show      Show   Show
        Name                 Redact Redact    Redact Pseudonym
        Geographic           Redact Redact    Redact Pseudonym
        Date                 Redact Year      Show   Pseudonym
        Telephone            Redact Redact    Redact Pseudonym
        Fax                  Redact Redact    Redact Pseudonym
        Email                Redact Redact    Redact Pseudonym
        SocialSecurityNumber Redact Redact    Redact Pseudonym
        MedicalRecordNumber  Redact Redact    Redact Pseudonym
        HealthPlanNumber     Redact Redact    Redact Pseudonym
        AccountNumber        Redact Redact    Redact Pseudonym
        CertificateNumber    Redact Redact    Redact Pseudonym
        Vehicle              Redact Redact    Redact Pseudonym
        Device               Redact Redact    Redact Pseudonym
        Url                  Redact Redact    Redact Pseudonym
        IpAddress            Redact Redact    Redact Pseudonym
        Biometric            Redact Redact    Redact Pseudonym
        Photograph           Redact Redact    Redact Pseudonym
        OtherUnique          Redact Redact    Redact Pseudonym
        FreeText             Redact Redact    Redact Redact
        Age                  Redact Age       Show   Pseudonym
        ZipCode              Redact ZipPrefix Show   Pseudonym
        City                 Redact Redact    Show   Pseudonym
        """;

    private static IEnumerable<TestCaseData> Cells =>
        from row in Table.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        let words = row.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        from column in Enumerable.Range(0, Profiles.Length)
        select new TestCaseData(Profiles[column], Enum.Parse<IdentifierClass>(words[0]), Enum.Parse<MaskKind>(words[column + 1]));

    [TestCaseSource(nameof(Cells))]
    public void A_profile_shows_a_class_as(MaskProfile profile, IdentifierClass identifier, MaskKind expected) =>
        Assert.That(ProfileMasks.Of(profile, identifier), Is.EqualTo(expected));

    [Test]
    public void Every_class_and_profile_has_a_cell()
    {
        var cells = Cells.Select(cell => ((MaskProfile)cell.Arguments[0]!, (IdentifierClass)cell.Arguments[1]!));
        var all = from identifier in Enum.GetValues<IdentifierClass>() from profile in Enum.GetValues<MaskProfile>() where profile is not MaskProfile.Unmasked select (profile, identifier);
        Assert.That(cells, Is.EquivalentTo(all));
    }

    [Test]
    public void What_no_profile_and_no_class_has_a_name_for_is_redacted()
    {
        Assert.That(ProfileMasks.Of((MaskProfile)99, IdentifierClass.Name), Is.EqualTo(MaskKind.Redact));
        Assert.That(ProfileMasks.Of(MaskProfile.SafeHarbor, (IdentifierClass)99), Is.EqualTo(MaskKind.Redact));
        Assert.That(ProfileMasks.Of(MaskProfile.Unmasked, IdentifierClass.Name), Is.EqualTo(MaskKind.Redact), "a rule shows everything by its verdict, not by this table");
    }

    [Test]
    public void The_stricter_of_two_profiles_shows_nothing_that_either_hides([ValueSource(nameof(Profiles))] MaskProfile one, [ValueSource(nameof(Profiles))] MaskProfile other)
    {
        var stricter = ProfileMasks.Stricter(one, other);
        Assert.That(ProfileMasks.Stricter(other, one), Is.EqualTo(stricter));
        foreach (var identifier in Enum.GetValues<IdentifierClass>())
            if (ProfileMasks.Of(stricter, identifier) is var kind and not MaskKind.Redact)
                foreach (var profile in new[] { one, other })
                    Assert.That(ProfileMasks.Of(profile, identifier), Is.EqualTo(kind).Or.EqualTo(MaskKind.Show), $"{identifier} under {profile}");
    }

    [TestCase(MaskProfile.Unmasked, MaskProfile.Pseudonymous, MaskProfile.Pseudonymous)]
    [TestCase(MaskProfile.Unmasked, MaskProfile.LimitedDataSet, MaskProfile.LimitedDataSet)]
    [TestCase(MaskProfile.Pseudonymous, MaskProfile.SafeHarbor, MaskProfile.Redacted)]
    [TestCase(MaskProfile.LimitedDataSet, MaskProfile.SafeHarbor, MaskProfile.SafeHarbor)]
    public void The_stricter_of_two_profiles_is(MaskProfile one, MaskProfile other, MaskProfile expected) =>
        Assert.That(ProfileMasks.Stricter(one, other), Is.EqualTo(expected));
}
