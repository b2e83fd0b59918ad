using NUnit.Framework;
using Proxy.Core.Masking;
using Proxy.Core.Masking.Postgres;
using Proxy.Tests.Core.Masking.Postgres;

namespace Proxy.Tests.Core.Masking;

public sealed class MaskPlanTests
{
    [Test]
    public void The_default_mask_hides() =>
        Assert.That(MaskedValue.Of(default, "secret"), Is.Null);

    [Test]
    public void The_plan_for_everything_shows_nothing() =>
        Assert.That((MaskPlan.Everything.ShowsEverything, MaskPlan.Everything[7].Kind), Is.EqualTo((false, MaskKind.Redact)));

    [Test]
    public void A_plan_shows_everything_only_if_every_column_is_shown()
    {
        Assert.That(new MaskPlan([ColumnMask.Shown, ColumnMask.Shown]).ShowsEverything, Is.True);
        Assert.That(new MaskPlan([ColumnMask.Shown, default]).ShowsEverything, Is.False);
    }

    [TestCase(DateStyle.Iso, "1900-01-01")]
    [TestCase(DateStyle.German, "01.01.1900")]
    [TestCase(DateStyle.SqlDayFirst, "01/01/1900")]
    public void A_plan_follows_the_sessions_DateStyle(DateStyle style, string expected)
    {
        var plan = new MaskPlan([PostgresType.Mask(MaskKind.Redact, PostgresTypeOid.Date, -1, isBinary: false)]).In(style);
        Assert.That(MaskedValue.Of(plan[0], "2001-02-03"), Is.EqualTo(expected));
        Assert.That(System.Text.Encoding.ASCII.GetString(plan.RedactedFieldOf(0)[4..]), Is.EqualTo(expected));
    }

    [TestCase(DateStyle.Unknown)]
    [TestCase(DateStyle.German)]
    public void The_plan_for_everything_fits_any_result_in_any_DateStyle(DateStyle style) =>
        Assert.That(MaskPlan.Everything.In(style), Is.SameAs(MaskPlan.Everything));

    [TestCase(MaskKind.Redact)]
    [TestCase(MaskKind.Pseudonym)]
    public void A_date_in_an_unknown_style_is_null(MaskKind kind)
    {
        using var keys = new MaskingKeys(new byte[32]);
        var mask = PostgresType.Mask(kind, PostgresTypeOid.Date, -1, isBinary: false, keys.Domain("patients"), DateStyle.Unknown);
        Assert.That(MaskedValue.Of(mask, "2001-02-03"), Is.Null);
    }

    [TestCase(PostgresTypeOid.Bool, "t", "f")]
    [TestCase(PostgresTypeOid.Char, "M", "*")]
    public void A_type_with_few_values_has_no_pseudonym(uint oid, string value, string expected)
    {
        using var keys = new MaskingKeys(new byte[32]);
        Assert.That(MaskedValue.Of(PostgresType.Mask(MaskKind.Pseudonym, oid, -1, isBinary: false, keys.Domain("patients")), value), Is.EqualTo(expected));
    }

    [TestCase(5038u)] // pg_snapshot
    [TestCase(2249u)] // record
    [TestCase(90_000u)]
    public void A_type_without_a_mask_is_null(uint oid) =>
        Assert.That(MaskedValue.Of(PostgresType.Mask(MaskKind.Pseudonym, oid, -1, isBinary: false), "10.0.0.1"), Is.Null);

    [Test]
    public void A_pseudonym_without_a_key_is_a_redaction() =>
        Assert.That(MaskedValue.Of(PostgresType.Mask(MaskKind.Pseudonym, PostgresTypeOid.Text, -1, isBinary: false), "Smith"), Is.EqualTo("****"));
}
