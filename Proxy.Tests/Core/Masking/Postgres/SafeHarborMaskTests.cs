using System.Text;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using Proxy.Core.Masking;
using Proxy.Core.Masking.Postgres;

namespace Proxy.Tests.Core.Masking.Postgres;

/// <summary>45 CFR 164.514(b)(2)(i)(B) and (C), in the year 2026: whoever was born in 1936 or before is 90, or will be this year.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class SafeHarborMaskTests
{
    private const uint Bpchar5 = PostgresTypeOid.Bpchar;

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero));

    [TestCase(PostgresTypeOid.Date, "1975-05-17", "1975-01-01")]
    [TestCase(PostgresTypeOid.Date, "2024-12-31", "2024-01-01")]
    [TestCase(PostgresTypeOid.Date, "1937-12-31", "1937-01-01")]
    [TestCase(PostgresTypeOid.Date, "1936-12-31", "1936-01-01")]
    [TestCase(PostgresTypeOid.Date, "1935-01-01", "1936-01-01", Description = "over 89")]
    [TestCase(PostgresTypeOid.Date, "0044-03-15 BC", "1900-01-01", Description = "no year of a life: redacted")]
    [TestCase(PostgresTypeOid.Date, "infinity", "1900-01-01")]
    [TestCase(PostgresTypeOid.Date, "12345-01-01", "1900-01-01")]
    [TestCase(PostgresTypeOid.Timestamp, "1999-12-31 23:59:59.5", "1999-01-01 00:00:00")]
    [TestCase(PostgresTypeOid.TimestampTz, "1999-12-31 20:00:00-08", "2000-01-01 12:00:00+00", Description = "the year in UTC")]
    [TestCase(PostgresTypeOid.Text, "1975-05-17", "****", Description = "a date in a text is any text")]
    [TestCase(PostgresTypeOid.Int4, "1975", "0")]
    [TestCase(1182u, "{1975-05-17,NULL,1920-01-01}", "{1975-01-01,NULL,1936-01-01}")]
    public void Of_a_date_the_year_is_shown(uint type, string value, string expected) => Assert.That(Masked(MaskKind.Year, type, value), Is.EqualTo(expected));

    [TestCase(PostgresTypeOid.Numeric, "1975", "1975")]
    [TestCase(PostgresTypeOid.Numeric, "1901", "1936")]
    [TestCase(PostgresTypeOid.Float8, "1901", "1936")]
    [TestCase(PostgresTypeOid.Int4, "1936", "1936")]
    [TestCase(PostgresTypeOid.Text, "1975", "1975")]
    [TestCase(PostgresTypeOid.Text, "1901", "1936")]
    [TestCase(PostgresTypeOid.Text, "19750517", "****")]
    [TestCase(PostgresTypeOid.Numeric, "-44", "0", Description = "no year of a life: redacted")]
    [TestCase(PostgresTypeOid.Numeric, "12345", "0")]
    [TestCase(PostgresTypeOid.Date, "1975-01-01", "1975-01-01")]
    [TestCase(PostgresTypeOid.TimestampTz, "1975-01-01 00:00:00+11", "1975-01-01 12:00:00+00", Description = "midnight east of UTC is the day before there")]
    [TestCase(PostgresTypeOid.TimestampTz, "1975-01-01 00:00:00-11", "1975-01-01 12:00:00+00")]
    public void Of_a_year_that_was_computed_only_one_over_89_changes(uint type, string value, string expected) =>
        Assert.That(Masked(MaskKind.YearNumber, type, value), Is.EqualTo(expected));

    [TestCase("873", "873")]
    [TestCase("036", "000")]
    [TestCase("8733", "****")]
    [TestCase("87", "****")]
    [TestCase("Mai", "****")]
    public void Of_digits_that_were_cut_only_small_areas_change(string value, string expected) =>
        Assert.That(Masked(MaskKind.ZipArea, PostgresTypeOid.Text, value), Is.EqualTo(expected));

    [TestCase("Seq Scan on patients  (cost=0.00..1.05 rows=5 width=42)", "Seq Scan on patients  (cost=0.00..1.05 rows=5 width=0)")]
    [TestCase("(width=4 width=) width=77", "(width=0 width=) width=0")]
    [TestCase("Filter: (ward = 'x')", "Filter: (ward = 'x')")]
    [TestCase("", "")]
    public void Of_a_plan_only_widths_change(string value, string expected) => Assert.That(Masked(MaskKind.Plan, PostgresTypeOid.Text, value), Is.EqualTo(expected));

    [TestCase("0", "0")]
    [TestCase("89", "89")]
    [TestCase("90", "90")]
    [TestCase("117", "90")]
    [TestCase("-1", "0")]
    public void An_age_over_89_is_90(string value, string expected)
    {
        foreach (var type in new[] { PostgresTypeOid.Int2, PostgresTypeOid.Int4, PostgresTypeOid.Int8, PostgresTypeOid.Numeric, PostgresTypeOid.Float8 })
            Assert.That(Masked(MaskKind.Age, type, value), Is.EqualTo(expected));
    }

    [TestCase(PostgresTypeOid.Numeric, "89.99", "89.99")]
    [TestCase(PostgresTypeOid.Numeric, "0.5", "0.5")]
    [TestCase(PostgresTypeOid.Numeric, "10000", "90")]
    [TestCase(PostgresTypeOid.Numeric, "NaN", "0")]
    [TestCase(PostgresTypeOid.Float8, "NaN", "0")]
    [TestCase(PostgresTypeOid.Text, "45", "****")]
    public void An_age_of_another_form_is(uint type, string value, string expected) => Assert.That(Masked(MaskKind.Age, type, value), Is.EqualTo(expected));

    [TestCase("12345", "123")]
    [TestCase("12345-6789", "123")]
    [TestCase("123456789", "123")]
    [TestCase("03601", "000", Description = "few people live there")]
    [TestCase("89301-0001", "000")]
    [TestCase("20500", "000", Description = "added by the Census of 2010")]
    [TestCase("02139", "021")]
    [TestCase("1 Main Street", "****")]
    [TestCase("123", "****")]
    [TestCase("12345-67890", "****")]
    [TestCase("12345 Main Street", "****")]
    [TestCase("1234x", "****")]
    public void Of_a_zip_code_three_digits_are_shown(string value, string expected) => Assert.That(Masked(MaskKind.ZipPrefix, PostgresTypeOid.Text, value), Is.EqualTo(expected));

    [Test]
    public void A_prefix_is_as_long_as_its_column() =>
        Assert.That(Masked(MaskKind.ZipPrefix, Bpchar5, "12345", modifier: 9), Is.EqualTo("123  "));

    [Test]
    public void A_new_year_is_noticed_by_a_plan_that_was_made_before()
    {
        var mask = Mask(MaskKind.Year, PostgresTypeOid.Date);
        Assert.That(MaskedValue.Of(mask, "1900-05-05"), Is.EqualTo("1936-01-01"));
        _time.SetUtcNow(new DateTimeOffset(2026, 12, 31, 9, 59, 0, TimeSpan.Zero));
        Assert.That(MaskedValue.Of(mask, "1900-05-05"), Is.EqualTo("1936-01-01"));
        _time.SetUtcNow(new DateTimeOffset(2026, 12, 31, 10, 1, 0, TimeSpan.Zero));
        Assert.That(MaskedValue.Of(mask, "1900-05-05"), Is.EqualTo("1937-01-01"), "somewhere it is 2027");
    }

    [TestCase(MaskKind.Year, PostgresTypeOid.Date, "1975-05-17")]
    [TestCase(MaskKind.Year, PostgresTypeOid.TimestampTz, "1975-05-17 10:00:00+00")]
    [TestCase(MaskKind.Age, PostgresTypeOid.Int4, "91")]
    [TestCase(MaskKind.Age, PostgresTypeOid.Numeric, "91.5")]
    [TestCase(MaskKind.ZipPrefix, PostgresTypeOid.Text, "12345")]
    public void Masking_allocates_nothing(MaskKind kind, uint type, string value)
    {
        var mask = Mask(kind, type);
        var bytes = Encoding.ASCII.GetBytes(value);
        var destination = new byte[256];
        var allocated = 0L;
        for (var round = 0; round < 2; round++)
        {
            allocated = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 100; i++)
                ValueMasker.TryMask(mask, bytes, destination, out _);
            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        }
        Assert.That(allocated, Is.Zero);
    }

    private string? Masked(MaskKind kind, uint type, string value, int modifier = -1) => MaskedValue.Of(Mask(kind, type, modifier), value);

    private ColumnMask Mask(MaskKind kind, uint type, int modifier = -1) =>
        PostgresType.Mask(kind, type, modifier, isBinary: false) with { AgeLimit = new AgeLimit(_time) };
}
