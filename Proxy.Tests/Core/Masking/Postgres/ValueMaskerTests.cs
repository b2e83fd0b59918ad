using System.Buffers.Binary;
using System.Text;
using CsCheck;
using NUnit.Framework;
using Proxy.Core.Masking;
using Proxy.Core.Masking.Postgres;

namespace Proxy.Tests.Core.Masking.Postgres;

public sealed class ValueMaskerTests
{
    private static readonly MaskingKeys Keys = new(new byte[32]);

    private static IEnumerable<MaskingSamples> Types => MaskingSamples.All;

    [TestCase(PostgresTypeOid.Numeric, "1.0", "1.00")]
    [TestCase(PostgresTypeOid.Numeric, "0", "-0.000")]
    [TestCase(PostgresTypeOid.Numeric, "10000", "10000.0")]
    [TestCase(PostgresTypeOid.Float8, "-0", "0")]
    [TestCase(PostgresTypeOid.Bpchar, "M", "M    ")]
    [TestCase(PostgresTypeOid.TimestampTz, "2001-02-03 04:05:06+00", "2001-02-03 09:35:06+05:30")]
    [TestCase(PostgresTypeOid.TimestampTz, "2001-02-03 04:05:06+00", "2001-02-02 20:05:06-08")]
    [TestCase(PostgresTypeOid.Interval, "1 mon", "30 days")]
    [TestCase(PostgresTypeOid.Interval, "1 day", "24:00:00")]
    [TestCase(PostgresTypeOid.Uuid, "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11")]
    [TestCase(PostgresTypeOid.Bytea, "\\x415c00", "A\\\\\\000")]
    public void Equal_values_that_are_written_differently_share_a_token(uint oid, string one, string other) =>
        Assert.That(MaskedValue.Of(Token(oid), other), Is.EqualTo(MaskedValue.Of(Token(oid), one)));

    [TestCase(PostgresTypeOid.Numeric, "1", "10")]
    [TestCase(PostgresTypeOid.Numeric, "1", "10000")]
    [TestCase(PostgresTypeOid.Numeric, "1", "-1")]
    [TestCase(PostgresTypeOid.Interval, "1 day", "-1 days")]
    [TestCase(PostgresTypeOid.Date, "2001-02-03", "2001-03-02")]
    [TestCase(PostgresTypeOid.Date, "0044-03-15", "0044-03-15 BC")]
    [TestCase(PostgresTypeOid.TimeTz, "10:00:00+00", "10:00:00+01")]
    [TestCase(PostgresTypeOid.Text, "a", "a ")]
    public void Other_values_have_other_tokens(uint oid, string one, string other) =>
        Assert.That(MaskedValue.Of(Token(oid), other), Is.Not.EqualTo(MaskedValue.Of(Token(oid), one)));

    [Test]
    public void A_value_has_the_same_low_bits_in_every_integer_width() =>
        Gen.Short.Sample(value =>
        {
            var text = value.ToString(System.Globalization.CultureInfo.InvariantCulture);
            var wide = long.Parse(MaskedValue.Of(Token(PostgresTypeOid.Int8), text)!, System.Globalization.CultureInfo.InvariantCulture);
            Assert.That(MaskedValue.Of(Token(PostgresTypeOid.Int4), text), Is.EqualTo($"{wide & int.MaxValue}"));
            Assert.That(MaskedValue.Of(Token(PostgresTypeOid.Int2), text), Is.EqualTo($"{wide & short.MaxValue}"));
        });

    [TestCase("{a,NULL,\"b c\"}", "{A,NULL,B}")]
    [TestCase("[2:3]={{\"\"},{d}}", "[2:3]={{E},{D}}")]
    [TestCase("{\"q\\\"\\\\\",\"NULL\"}", "{Q,N}")]
    public void An_array_keeps_its_shape(string array, string shape)
    {
        var expected = shape
            .Replace("A", Text("a"), StringComparison.Ordinal).Replace("B", Text("b c"), StringComparison.Ordinal)
            .Replace("D}", Text("d") + "}", StringComparison.Ordinal).Replace("E", Text(""), StringComparison.Ordinal)
            .Replace("Q", Text("q\"\\"), StringComparison.Ordinal).Replace(",N}", "," + Text("NULL") + "}", StringComparison.Ordinal);
        Assert.That(MaskedValue.Of(Token(1009), array), Is.EqualTo(expected));
    }

    [TestCase("")]
    [TestCase("a")]
    [TestCase("{a")]
    [TestCase("{a}}")]
    [TestCase("{a}b")]
    [TestCase("{a,}")]
    [TestCase("{,a}")]
    [TestCase("{a b\"c\"}")]
    [TestCase("{\"a}")]
    [TestCase("{\"a\\")]
    [TestCase("{a}{b}")]
    [TestCase("[secret]={a}")]
    [TestCase("[1:1]")]
    [TestCase("{{{{{{{a}}}}}}}")]
    public void A_malformed_array_is_redacted(string array) =>
        Assert.That(MaskedValue.Of(Token(1009), array), Is.EqualTo("{}"));

    [Test]
    public void Nothing_of_a_value_survives_in_an_array_of_any_bytes() =>
        Gen.String[Gen.Char["{}[],\"\\=:-+ 19SECRT"], 0, 60].Sample(array =>
        {
            // Tokens are in small letters.
            var masked = MaskedValue.Of(Token(1009), array)!;
            Assert.That(masked.AsSpan().ContainsAny("SECRT"), Is.False);
        });

    [Test]
    public void A_binary_array_of_another_element_type_is_redacted()
    {
        var array = new byte[12];
        BinaryPrimitives.WriteUInt32BigEndian(array.AsSpan(8), PostgresTypeOid.Int4);
        var masked = MaskedValue.Of(PostgresType.Mask(MaskKind.Pseudonym, 1009, -1, isBinary: true, Keys.Domain("d")), array)!;
        Assert.That(BinaryPrimitives.ReadUInt32BigEndian(masked.AsSpan(8)), Is.EqualTo(PostgresTypeOid.Text));
    }

    [TestCaseSource(nameof(Types))]
    public void Bytes_that_are_no_value_of_the_type_never_come_out(MaskingSamples samples) =>
        Gen.Select(Gen.Byte.Array[8, 90], Gen.Bool, Gen.Bool).Sample((bytes, isBinary, isPseudonym) =>
        {
            var mask = PostgresType.Mask(
                isPseudonym ? MaskKind.Pseudonym : MaskKind.Redact, samples.Oid, samples.Modifier, isBinary, Keys.Domain("d"));
            Assert.That(MaskedValue.Of(mask, bytes), Is.Not.EqualTo(bytes));
        });

    [TestCaseSource(nameof(Types))]
    public void A_short_destination_is_told_and_the_same_value_comes_with_more_room(MaskingSamples samples) =>
        samples.Values.Sample(
            value =>
            {
                var mask = PostgresType.Mask(MaskKind.Pseudonym, samples.Oid, samples.Modifier, isBinary: false, Keys.Domain("d"));
                var bytes = Encoding.UTF8.GetBytes(value);
                var expected = MaskedValue.Of(mask, bytes)!;
                for (var room = 0; room < expected.Length; room++)
                    Assert.That(ValueMasker.TryMask(mask, bytes, new byte[room], out _), Is.False);
                var exact = new byte[expected.Length];
                Assert.That(ValueMasker.TryMask(mask, bytes, exact, out var length), Is.True);
                Assert.That(exact[..length], Is.EqualTo(expected));
            },
            iter: 20);

    [Test]
    public void Masking_allocates_nothing([Values(PostgresTypeOid.Text, PostgresTypeOid.Int8, PostgresTypeOid.Numeric, PostgresTypeOid.Date, 1009u)] uint oid)
    {
        var mask = Token(oid);
        var destination = new byte[512];
        var value = Encoding.ASCII.GetBytes(oid == 1009 ? "{a,\"b \\\" c\"}" : oid == PostgresTypeOid.Date ? "2001-02-03" : "123");
        var allocated = 0L;
        for (var round = 0; round < 2; round++)
        {
            allocated = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 100; i++)
                ValueMasker.TryMask(mask, value, destination, out _);
            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        }
        Assert.That(allocated, Is.Zero);
    }

    private static ColumnMask Token(uint oid) => PostgresType.Mask(MaskKind.Pseudonym, oid, -1, isBinary: false, Keys.Domain("d"));

    private static string Text(string value) => MaskedValue.Of(Token(PostgresTypeOid.Text), value)!;
}
