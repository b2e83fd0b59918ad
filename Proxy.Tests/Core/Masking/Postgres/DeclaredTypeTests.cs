using System.Buffers.Binary;
using NUnit.Framework;
using Proxy.Core.Catalogue;
using Proxy.Core.Catalogue.Facts;
using Proxy.Core.Masking;
using Proxy.Core.Masking.Postgres;

namespace Proxy.Tests.Core.Masking.Postgres;

/// <summary>Types that the catalogue describes.</summary>
public sealed class DeclaredTypeTests
{
    private const uint Mood = 90_001;
    private const uint Code = 90_003;
    private const uint Spot = 90_005;
    private const uint Span = 90_007;
    private const uint Citext = 90_008;
    private const uint Circular = 90_009;
    private const uint Strange = 90_010;
    private const uint Spans = 90_011;
    private const uint Hstore = 90_012;
    private const uint Deep = 90_013;

    private static readonly CatalogueTypes Types = new(
    [
        new(Mood, "mood", TypeKind.Enum) { Labels = ["calm, or so", "worried"] },
        new(Mood + 1, "_mood", TypeKind.Array) { ComponentOid = Mood },
        new(Code, "code", TypeKind.Domain) { ComponentOid = PostgresTypeOid.Varchar, ComponentModifier = 4 + 3 },
        new(Code + 1, "_code", TypeKind.Array) { ComponentOid = Code },
        new(Spot, "spot", TypeKind.Composite)
        {
            Attributes =
            [
                new(PostgresTypeOid.Int4, -1), new(Mood, -1), new(Code, -1), new(Strange, -1), new(PostgresTypeOid.Date, -1), new(Code + 1, -1),
                new(PostgresTypeOid.Bytea, -1),
            ],
        },
        new(Spot + 1, "_spot", TypeKind.Array) { ComponentOid = Spot },
        new(Span, "span", TypeKind.Range) { ComponentOid = PostgresTypeOid.Float8 },
        new(Citext, "citext", TypeKind.Base, "citext"),
        new(Circular, "circular", TypeKind.Domain) { ComponentOid = Circular },
        new(Strange, "citext", TypeKind.Base),
        new(Spans, "spans", TypeKind.Multirange) { ComponentOid = PostgresTypeOid.Float8 },
        new(Hstore, "hstore", TypeKind.Base, "hstore"),
        new(Deep, "deep", TypeKind.Composite) { Attributes = [new(Spot, -1), new(Deep, -1)] },
    ]);

    [TestCase(Mood, "calm, or so")]
    [TestCase(Mood + 1, "{}")]
    [TestCase(Code, "***")]
    [TestCase(Code + 1, "{}")]
    [TestCase(Span, "empty")]
    [TestCase(Spans, "{}")]
    [TestCase(Citext, "****")]
    [TestCase(Hstore, "")]
    [TestCase(Strange, null, Description = "the name alone makes no extension's type")]
    [TestCase(Circular, null)]
    [TestCase(90_999u, null)]
    [TestCase(Spot, "(0,\"calm, or so\",***,,1900-01-01,{},\"\")")]
    [TestCase(Spot + 1, "{}")]
    public void A_redaction_is_a_value_of_the_type(uint type, string? expected) =>
        Assert.That(MaskedValue.Of(PostgresType.Mask(MaskKind.Redact, type, -1, isBinary: false, types: Types), "x"), Is.EqualTo(expected));

    [Test]
    public void A_field_of_a_composite_is_written_in_the_sessions_style() =>
        Assert.That(
            MaskedValue.Of(PostgresType.Mask(MaskKind.Redact, Spot, -1, isBinary: false, style: DateStyle.German, types: Types), "x"),
            Does.Contain(",01.01.1900,"));

    [Test]
    public void A_composite_in_binary_names_the_types_that_its_definition_names()
    {
        var masked = MaskedValue.Of(PostgresType.Mask(MaskKind.Redact, Spot, -1, isBinary: true, types: Types), "x"u8)!;
        var rest = masked.AsSpan();
        Assert.That(Next(ref rest), Is.EqualTo(7));
        foreach (var (type, length) in new[] { (PostgresTypeOid.Int4, 4), (Mood, 11), (Code, 3), (Strange, -1), (PostgresTypeOid.Date, 4), (Code + 1, 12), (PostgresTypeOid.Bytea, 0) })
        {
            Assert.That((Next(ref rest), Next(ref rest)), Is.EqualTo(((int)type, length)));
            rest = rest[Math.Max(0, length)..];
        }
        Assert.That(rest.Length, Is.Zero);
    }

    [Test]
    public void A_composite_that_contains_itself_ends() =>
        Assert.That(new MaskPlan([PostgresType.Mask(MaskKind.Redact, Deep, -1, isBinary: false, types: Types)]).ColumnCount, Is.EqualTo(1));

    [TestCase(Mood)]
    [TestCase(Mood + 1)]
    [TestCase(Spot)]
    [TestCase(Span)]
    [TestCase(Spans)]
    [TestCase(PostgresTypeOid.Bool)]
    [TestCase(3912u)]
    [TestCase(2205u)]
    public void Types_without_tokens_are_redacted_under_pseudonyms(uint type)
    {
        using var keys = new MaskingKeys(new byte[32]);
        Assert.That(PostgresType.Mask(MaskKind.Pseudonym, type, -1, isBinary: false, keys.Domain("d"), types: Types).Kind, Is.EqualTo(MaskKind.Redact));
    }

    [TestCase(Code, "12", 3)]
    [TestCase(Citext, "Ada", 23)]
    public void Tokens_are_those_of_what_the_type_is_made_of(uint type, string value, int length)
    {
        using var keys = new MaskingKeys(new byte[32]);
        Assert.That(MaskedValue.Of(PostgresType.Mask(MaskKind.Pseudonym, type, -1, isBinary: false, keys.Domain("d"), types: Types), value), Has.Length.EqualTo(length));
    }

    private static int Next(ref Span<byte> rest)
    {
        var number = BinaryPrimitives.ReadInt32BigEndian(rest);
        rest = rest[sizeof(int)..];
        return number;
    }

    [TestCase(Mood, true)]
    [TestCase(Strange, false)]
    [TestCase(90_999u, false)]
    public void Whether_a_type_has_a_mask_is_told(uint type, bool has) => Assert.That(PostgresType.HasMask(type, -1, Types), Is.EqualTo(has));
}
