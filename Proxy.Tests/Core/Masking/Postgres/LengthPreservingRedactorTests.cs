using System.Text;
using CsCheck;
using NUnit.Framework;
using Proxy.Core.Masking;
using Proxy.Core.Masking.Postgres;

namespace Proxy.Tests.Core.Masking.Postgres;

public sealed class LengthPreservingRedactorTests
{
    private static IEnumerable<MaskingSamples> Types => MaskingSamples.All;

    [TestCaseSource(nameof(Types))]
    public void Parts_give_what_the_whole_gives(MaskingSamples samples) =>
        Gen.Select(Gen.Int[0, 200], Gen.Int[1, 50], Gen.Bool).Sample((length, part, isBinary) =>
        {
            var mask = PostgresType.Mask(MaskKind.Redact, samples.Oid, samples.Modifier, isBinary);
            if (!LengthPreservingRedactor.TryCreate(mask, length, out var redactor))
                return;
            var whole = new byte[length];
            redactor.Fill(0, whole);
            var parts = new byte[length];
            for (var offset = 0; offset < length; offset += part)
                redactor.Fill(offset, parts.AsSpan(offset, Math.Min(part, length - offset)));
            Assert.That(parts, Is.EqualTo(whole));
        });

    [TestCase(PostgresTypeOid.Text, 5, "*****")]
    [TestCase(PostgresTypeOid.Json, 5, "\"***\"")]
    [TestCase(PostgresTypeOid.Json, 1, "0")]
    [TestCase(PostgresTypeOid.Bytea, 6, "\\x0000")]
    [TestCase(PostgresTypeOid.Bytea, 3, "000")]
    [TestCase(PostgresTypeOid.Numeric, 4, "0000")]
    [TestCase(PostgresTypeOid.Date, 13, "1900-01-01   ")]
    [TestCase(PostgresTypeOid.Date, 8, "infinity")]
    [TestCase(1009u, 6, "{    }")]
    public void Text_of_a_length_is(uint oid, int length, string expected)
    {
        var mask = PostgresType.Mask(MaskKind.Redact, oid, -1, isBinary: false);
        Assert.That(LengthPreservingRedactor.TryCreate(mask, length, out var redactor), Is.True);
        var bytes = new byte[length];
        redactor.Fill(0, bytes);
        Assert.That(Encoding.ASCII.GetString(bytes), Is.EqualTo(expected));
    }

    [TestCase(PostgresTypeOid.Json, 0, false)]
    [TestCase(PostgresTypeOid.Jsonb, 1, true)]
    [TestCase(PostgresTypeOid.Int4, 5, true)]
    [TestCase(PostgresTypeOid.Uuid, 35, false)]
    [TestCase(PostgresTypeOid.Date, 5, false)]
    [TestCase(1009u, 1, false)]
    [TestCase(1009u, 15, true)]
    [TestCase(1007u, 27, true)]
    [TestCase(5038u, 9, false)]
    [TestCase(PostgresTypeOid.Inet, 9, false)]
    public void A_length_that_the_type_cannot_have_is_told(uint oid, int length, bool isBinary) =>
        Assert.That(LengthPreservingRedactor.TryCreate(PostgresType.Mask(MaskKind.Redact, oid, -1, isBinary), length, out _), Is.False);
}
