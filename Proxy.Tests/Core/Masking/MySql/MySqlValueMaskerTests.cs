using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using NUnit.Framework;
using Proxy.Core.Catalogue;
using Proxy.Core.Catalogue.Facts;
using Proxy.Core.Masking;
using Proxy.Core.Masking.MySql;
using Proxy.Core.Masking.Postgres;

namespace Proxy.Tests.Core.Masking.MySql;

public sealed class MySqlValueMaskerTests
{
    private const ushort Utf8mb4 = 45;
    private const ushort Binary = 63;

    private static readonly MaskingKeys Keys = new([.. Enumerable.Range(0, 32).Select(static i => (byte)i)]);

    private static KeyDomain Domain => Keys.Domain("test");

    /// <summary>Type code, flags, collation, length and decimals of a definition; the value in text and in binary.</summary>
    private static IEnumerable<TestCaseData> Values()
    {
        yield return Case("SMALLINT", MySqlFieldType.Short, 0, Binary, 6, 0, "-1234", Little(2, -1234));
        yield return Case("SMALLINT UNSIGNED", MySqlFieldType.Short, 0x20, Binary, 5, 0, "65535", Little(2, 65535));
        yield return Case("MEDIUMINT", MySqlFieldType.Int24, 0, Binary, 9, 0, "-8388608", Little(4, -8388608));
        yield return Case("INT", MySqlFieldType.Long, 0, Binary, 11, 0, "912573461", Little(4, 912573461));
        yield return Case("INT UNSIGNED ZEROFILL", MySqlFieldType.Long, 0x60, Binary, 10, 0, "0000000042", Little(4, 42));
        yield return Case("BIGINT", MySqlFieldType.LongLong, 0, Binary, 20, 0, "-9223372036854775808", Little(8, long.MinValue));
        yield return Case("BIGINT UNSIGNED", MySqlFieldType.LongLong, 0x20, Binary, 20, 0, "18446744073709551615", Little(8, -1));
        yield return Case("FLOAT", MySqlFieldType.Float, 0, Binary, 12, 31, "1234570", Single(1234567f));
        yield return Case("FLOAT(7,2)", MySqlFieldType.Float, 0, Binary, 7, 2, "12345.68", Single(12345.678f));
        yield return Case("DOUBLE", MySqlFieldType.Double, 0, Binary, 22, 31, "0.1", Double(0.1));
        yield return Case("DECIMAL(10,2)", MySqlFieldType.NewDecimal, 0, Binary, 12, 2, "-1250.50", Ascii("-1250.50"));
        yield return Case("DECIMAL(65,30)", MySqlFieldType.NewDecimal, 0, Binary, 67, 30, "1." + new string('0', 30), Ascii("1." + new string('0', 30)));
        yield return Case("BIT(16)", MySqlFieldType.Bit, 0x20, Binary, 16, 0, "ab", Ascii("ab"));
        yield return Case("DATE", MySqlFieldType.Date, 0, Binary, 10, 0, "1931-02-03", [0x8B, 0x07, 2, 3]);
        yield return Case("zero DATE", MySqlFieldType.Date, 0, Binary, 10, 0, "0000-00-00", []);
        yield return Case("DATE without a day", MySqlFieldType.Date, 0, Binary, 10, 0, "1931-02-00", [0x8B, 0x07, 2, 0]);
        yield return Case("DATETIME", MySqlFieldType.DateTime, 0, Binary, 19, 0, "1931-02-03 04:05:06", [0x8B, 0x07, 2, 3, 4, 5, 6]);
        yield return Case("DATETIME(6)", MySqlFieldType.DateTime, 0, Binary, 26, 6, "1931-02-03 04:05:06.000007", [0x8B, 0x07, 2, 3, 4, 5, 6, 7, 0, 0, 0]);
        yield return Case("DATETIME at midnight", MySqlFieldType.DateTime, 0, Binary, 19, 0, "1931-02-03 00:00:00", [0x8B, 0x07, 2, 3]);
        yield return Case("zero DATETIME", MySqlFieldType.DateTime, 0, Binary, 19, 0, "0000-00-00 00:00:00", []);
        yield return Case("TIMESTAMP(3)", MySqlFieldType.Timestamp, 0, Binary, 23, 3, "2024-02-03 04:05:06.500", [0xE8, 0x07, 2, 3, 4, 5, 6, 0x20, 0xA1, 0x07, 0]);
        yield return Case("TIME", MySqlFieldType.Time, 0, Binary, 10, 0, "-838:59:59", [1, 34, 0, 0, 0, 22, 59, 59]);
        yield return Case("TIME(2)", MySqlFieldType.Time, 0, Binary, 13, 2, "01:02:03.50", [0, 0, 0, 0, 0, 1, 2, 3, 0x20, 0xA1, 0x07, 0]);
        yield return Case("zero TIME", MySqlFieldType.Time, 0, Binary, 10, 0, "00:00:00", []);
        yield return Case("VARCHAR", MySqlFieldType.VarString, 0, Utf8mb4, 160, 0, "Quillfeather", Ascii("Quillfeather"));
        yield return Case("TEXT", MySqlFieldType.Blob, 0x10, Utf8mb4, 262140, 0, "Next of kin", Ascii("Next of kin"));
        yield return Case("VARBINARY", MySqlFieldType.VarString, 0x80, Binary, 40, 0, "JFIF", Ascii("JFIF"));
        yield return Case("BINARY(16)", MySqlFieldType.String, 0x80, Binary, 16, 0, "0123456789abcdef", Ascii("0123456789abcdef"));
        yield return Case("BLOB", MySqlFieldType.Blob, 0x90, Binary, 65535, 0, "JFIF", Ascii("JFIF"));
        yield return Case("JSON", MySqlFieldType.Json, 0x90, Binary, uint.MaxValue, 0, "{\"ssn\": 1}", Ascii("{\"ssn\": 1}"));

        static TestCaseData Case(string name, MySqlFieldType type, int flags, ushort collation, uint length, byte decimals, string text, byte[] binary) =>
            new TestCaseData(type, (ushort)flags, collation, length, decimals, text, binary).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Values))]
    public void Equal_values_have_equal_tokens_in_both_protocols(MySqlFieldType type, ushort flags, ushort collation, uint length, byte decimals, string text, byte[] binary)
    {
        var ofText = Masked(Mask(MaskKind.Pseudonym, type, flags, collation, length, decimals, isBinary: false), Ascii(text));
        var ofBinary = Masked(Mask(MaskKind.Pseudonym, type, flags, collation, length, decimals, isBinary: true), binary);

        Assert.Multiple(() =>
        {
            Assert.That(ofText, Is.Not.EqualTo(Ascii(text)));
            Assert.That(Written(type, ofBinary, decimals), Is.EqualTo(Encoding.Latin1.GetString(ofText!)));
        });
    }

    [TestCaseSource(nameof(Values))]
    public void The_constant_is_the_same_value_in_both_protocols(MySqlFieldType type, ushort flags, ushort collation, uint length, byte decimals, string text, byte[] binary)
    {
        var ofText = Masked(Mask(MaskKind.Redact, type, flags, collation, length, decimals, isBinary: false), Ascii(text));
        var ofBinary = Masked(Mask(MaskKind.Redact, type, flags, collation, length, decimals, isBinary: true), binary);

        Assert.That(Written(type, ofBinary, decimals), Is.EqualTo(Encoding.Latin1.GetString(ofText!)));
    }

    [TestCase(MySqlFieldType.Long, 11u, 0)]
    [TestCase(MySqlFieldType.LongLong, 20u, 0)]
    [TestCase(MySqlFieldType.Float, 12u, 31)]
    [TestCase(MySqlFieldType.NewDecimal, 12u, 2)]
    [TestCase(MySqlFieldType.Date, 10u, 0)]
    [TestCase(MySqlFieldType.DateTime, 26u, 6)]
    [TestCase(MySqlFieldType.Timestamp, 19u, 0)]
    [TestCase(MySqlFieldType.Time, 10u, 0)]
    public void A_value_that_is_none_of_its_type_is_redacted(MySqlFieldType type, uint length, byte decimals)
    {
        var mask = Mask(MaskKind.Pseudonym, type, 0, Binary, length, decimals, isBinary: false);

        Assert.That(Masked(mask, Ascii("912-57-3461 x")), Is.EqualTo(Masked(mask with { Kind = MaskKind.Redact }, [])));
    }

    [Test]
    public void Years_that_tell_an_age_over_89_are_one()
    {
        var limit = new AgeLimit(TimeProvider.System);
        var mask = Mask(MaskKind.Year, MySqlFieldType.Date, 0, Binary, 10, 0, isBinary: false) with { AgeLimit = limit };

        Assert.Multiple(() =>
        {
            Assert.That(Encoding.ASCII.GetString(Masked(mask, "1978-01-25"u8)!), Is.EqualTo("1978-01-01"));
            Assert.That(Encoding.ASCII.GetString(Masked(mask, "1901-05-05"u8)!), Is.EqualTo($"{limit.OldestYear}-01-01"));
            Assert.That(Encoding.ASCII.GetString(Masked(mask, "0000-00-00"u8)!), Is.EqualTo("1900-01-01"));
        });
    }

    [Test]
    public void Few_values_have_no_token()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Mask(MaskKind.Pseudonym, MySqlFieldType.Tiny, 0, Binary, 4, 0, false).Kind, Is.EqualTo(MaskKind.Redact));
            Assert.That(Mask(MaskKind.Pseudonym, MySqlFieldType.Year, 0, Binary, 4, 0, false).Kind, Is.EqualTo(MaskKind.Redact));
            Assert.That(Mask(MaskKind.Pseudonym, MySqlFieldType.Bit, 0, Binary, 8, 0, false).Kind, Is.EqualTo(MaskKind.Redact));
            Assert.That(Mask(MaskKind.Pseudonym, MySqlFieldType.String, 0x100, Utf8mb4, 4, 0, false).Kind, Is.EqualTo(MaskKind.Redact));
        });
    }

    [Test]
    public void An_enum_shows_the_first_label_that_the_catalogue_knows()
    {
        var types = new CatalogueTypes([new TypeFact(0x4000_0000, "enum('open','paid')", TypeKind.Enum) { Labels = ["open", "paid"] }]);
        var declared = new CatalogueColumn(1, "status", 0x4000_0000, IsNotNull: true, IdentifierClass.OtherUnique);
        var column = new MySqlResultColumn("s", "t", "status", MySqlFieldType.String, 0x100, Utf8mb4, 16, 0, IsBinary: false);

        Assert.Multiple(() =>
        {
            Assert.That(Encoding.ASCII.GetString(Masked(MySqlColumnType.Mask(MaskKind.Redact, column, declared, types), "paid"u8)!), Is.EqualTo("open"));
            Assert.That(Masked(MySqlColumnType.Mask(MaskKind.Redact, column), "paid"u8), Is.Empty);
        });
    }

    [Test]
    public void What_MariaDB_declares_as_JSON_stays_a_document()
    {
        var declared = new CatalogueColumn(1, "chart", PostgresTypeOid.Json, IsNotNull: true, IdentifierClass.FreeText);
        var column = new MySqlResultColumn("s", "t", "chart", MySqlFieldType.Blob, 0x10, Utf8mb4, uint.MaxValue, 0, IsBinary: false);

        Assert.That(Encoding.ASCII.GetString(Masked(MySqlColumnType.Mask(MaskKind.Redact, column, declared), "{}"u8)!), Is.EqualTo("\"****\""));
    }

    [TestCase(45, 4)]
    [TestCase(1069, 4)]
    [TestCase(2304, 4)]
    [TestCase(33, 3)]
    [TestCase(8, 1)]
    [TestCase(63, 0)]
    [TestCase(35, 0)]
    [TestCase(28, 0)]
    public void A_collation_tells_how_many_bytes_a_character_takes(int collation, int bytes) =>
        Assert.That(MySqlCharacterSet.BytesPerCharacter(collation), Is.EqualTo(bytes));

    [Test]
    public void Text_is_within_the_columns_characters()
    {
        for (var characters = 1u; characters < 40; characters++)
        {
            var mask = Mask(MaskKind.Pseudonym, MySqlFieldType.VarString, 0, Utf8mb4, characters * 4, 0, isBinary: false);
            Assert.That(Masked(mask, "912-57-3461"u8)!, Has.Length.LessThanOrEqualTo((int)characters));
            Assert.That(Masked(mask with { Kind = MaskKind.Redact }, "912-57-3461"u8)!, Has.Length.LessThanOrEqualTo((int)characters));
        }
    }

    [Test]
    public void The_plan_of_nothing_hides_everything()
    {
        Assert.Multiple(() =>
        {
            Assert.That(MySqlMaskPlan.Everything.RedactsToNull(7), Is.True);
            Assert.That(MySqlMaskPlan.Everything.ShowsEverything, Is.False);
            Assert.That(new MySqlMaskPlan([default]).RedactsToNull(0), Is.True);
            Assert.That(default(MySqlColumnMask).Kind, Is.EqualTo(MaskKind.Redact));
        });
    }

    [TestCase(MySqlFieldType.Blob, 5)]
    [TestCase(MySqlFieldType.Long, 3)]
    [TestCase(MySqlFieldType.Date, 10)]
    [TestCase(MySqlFieldType.Json, 9)]
    public void A_redaction_can_have_the_length_of_the_value(MySqlFieldType type, int length)
    {
        var mask = Mask(MaskKind.Redact, type, 0, type is MySqlFieldType.Blob ? Utf8mb4 : Binary, 40, 0, isBinary: false);
        Assert.That(MySqlLengthPreservingRedactor.TryCreate(mask, length, out var redactor), Is.True);
        var whole = new byte[length];
        redactor.Fill(0, whole);
        var parts = new byte[length];
        for (var i = 0; i < length; i++)
            redactor.Fill(i, parts.AsSpan(i, 1));

        Assert.That(parts, Is.EqualTo(whole));
    }

    private static MySqlColumnMask Mask(MaskKind kind, MySqlFieldType type, int flags, ushort collation, uint length, byte decimals, bool isBinary) =>
        MySqlColumnType.Mask(kind, new MySqlResultColumn("s", "t", "c", type, (ushort)flags, collation, length, decimals, isBinary), domain: Domain);

    private static byte[]? Masked(in MySqlColumnMask mask, ReadOnlySpan<byte> value)
    {
        var room = new byte[MySqlValueMasker.BytesMax];
        Assert.That(MySqlValueMasker.TryMask(mask, value, room, out var length), Is.True);
        return length == MySqlValueMasker.Null ? null : room[..length];
    }

    /// <summary>A binary value as the text protocol writes it.</summary>
    private static string Written(MySqlFieldType type, byte[]? value, int decimals)
    {
        ReadOnlySpan<byte> bytes = value;
        switch (type)
        {
            case MySqlFieldType.Short:
                return BinaryPrimitives.ReadInt16LittleEndian(bytes).ToString(CultureInfo.InvariantCulture);
            case MySqlFieldType.Int24 or MySqlFieldType.Long:
                return BinaryPrimitives.ReadInt32LittleEndian(bytes).ToString(CultureInfo.InvariantCulture);
            case MySqlFieldType.LongLong:
                return BinaryPrimitives.ReadInt64LittleEndian(bytes).ToString(CultureInfo.InvariantCulture);
            case MySqlFieldType.Float:
                return BinaryPrimitives.ReadSingleLittleEndian(bytes).ToString(decimals == 31 ? "F0" : $"F{decimals}", CultureInfo.InvariantCulture);
            case MySqlFieldType.Double:
                return BinaryPrimitives.ReadDoubleLittleEndian(bytes).ToString("F0", CultureInfo.InvariantCulture);
            case MySqlFieldType.Date:
                return $"{BinaryPrimitives.ReadUInt16LittleEndian(bytes):D4}-{bytes[2]:D2}-{bytes[3]:D2}";
            case MySqlFieldType.DateTime or MySqlFieldType.Timestamp:
                var date = $"{BinaryPrimitives.ReadUInt16LittleEndian(bytes):D4}-{bytes[2]:D2}-{bytes[3]:D2} ";
                return date + Time(bytes.Length > 4 ? bytes[4..] : [], decimals);
            case MySqlFieldType.Time:
                return Time(bytes.Length > 5 ? bytes[5..] : [], decimals);
            default:
                return Encoding.Latin1.GetString(bytes);
        }
    }

    private static string Time(ReadOnlySpan<byte> parts, int decimals)
    {
        var time = parts.IsEmpty ? "00:00:00" : $"{parts[0]:D2}:{parts[1]:D2}:{parts[2]:D2}";
        var fraction = parts.Length > 3 ? BinaryPrimitives.ReadInt32LittleEndian(parts[3..]) : 0;
        return decimals == 0 ? time : $"{time}.{fraction.ToString("D6", CultureInfo.InvariantCulture)[..decimals]}";
    }

    private static byte[] Ascii(string text) => Encoding.Latin1.GetBytes(text);

    private static byte[] Little(int width, long number)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        return bytes[..width];
    }

    private static byte[] Single(float number) => BitConverter.GetBytes(number);

    private static byte[] Double(double number) => BitConverter.GetBytes(number);
}
