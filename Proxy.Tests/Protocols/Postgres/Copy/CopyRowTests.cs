using System.Text;
using CsCheck;
using NUnit.Framework;
using Proxy.Core.Catalogue;
using Proxy.Core.Masking;
using Proxy.Core.Masking.Copy;
using Proxy.Core.Masking.Postgres;
using Proxy.Core.Sql;
using Proxy.Protocols.Postgres.Copy;
using Proxy.Tests.Core.Masking.Postgres;

namespace Proxy.Tests.Protocols.Postgres.Copy;

public sealed class CopyRowTests
{
    private const uint TextArray = 1009;

    private static readonly MaskingKeys Keys = new(new byte[32]);
    private static readonly CopyOptions Text = new() { Format = CopyFormat.Text, Delimiter = (byte)'\t', Null = "\\N"u8.ToArray() };
    private static readonly CopyOptions Csv = new() { Format = CopyFormat.Csv, Delimiter = (byte)',', Null = ReadOnlyMemory<byte>.Empty };

    [TestCase("a\tb\n", "a\t****\n")]
    [TestCase("a\\tb\tc\\\\\n", "a\\tb\t****\n")]
    [TestCase("\\N\t\\N\n", "\\N\t\\N\n")]
    [TestCase("\t\n", "\t****\n")]
    [TestCase("a\n", null)]
    [TestCase("a\tb\tc\n", null)]
    [TestCase("a\tb", null)]
    [TestCase("a\tb\na\tb\n", null)]
    [TestCase("a\tb\\", null)]
    [TestCase("", null)]
    public void A_text_row_is(string row, string? expected) => Assert.That(Masked(Text, row, MaskKind.Show, MaskKind.Redact), Is.EqualTo(expected));

    [TestCase("a,b\n", "a,****\n")]
    [TestCase("\"a,\"\"\n\",\"b,\"\n", "\"a,\"\"\n\",****\n")]
    [TestCase(",\n", ",\n", Description = "NULL")]
    [TestCase("\"\",\"\"\n", "\"\",****\n", Description = "empty")]
    [TestCase("a\n", null)]
    [TestCase("a,b,c\n", null)]
    [TestCase("a,b", null)]
    [TestCase("a,\"b\n", null)]
    [TestCase("a,\"b\"c\n", null)]
    [TestCase("a,b\"c\n", null)]
    public void A_csv_row_is(string row, string? expected) => Assert.That(Masked(Csv, row, MaskKind.Show, MaskKind.Redact), Is.EqualTo(expected));

    [Test]
    public void A_token_is_that_of_the_value_without_the_escapes_of_copy() =>
        Gen.String[Gen.Char["ab,;'\"\\\t\n\r\b\f\v|NULL1. "], 0, 30].Sample(value =>
        {
            var token = MaskedValue.Of(PostgresType.Mask(MaskKind.Pseudonym, PostgresTypeOid.Text, -1, false, Keys.Domain("d")), value)!;
            Assert.That(Masked(Text, AsText(value) + "\tx\n", MaskKind.Pseudonym, MaskKind.Show), Is.EqualTo($"{token}\tx\n"));
            Assert.That(Masked(Text with { Delimiter = (byte)'|' }, AsText(value, '|') + "|x\n", MaskKind.Pseudonym, MaskKind.Show), Is.EqualTo($"{token}|x\n"));
            Assert.That(Masked(Csv, AsCsv(value, '"', '"') + ",x\n", MaskKind.Pseudonym, MaskKind.Show), Is.EqualTo($"{token},x\n"));
            var odd = Csv with { Delimiter = (byte)';', Quote = (byte)'\'', Escape = (byte)'\\', Null = "NULL"u8.ToArray() };
            Assert.That(Masked(odd, AsCsv(value, '\'', '\\') + ";x\n", MaskKind.Pseudonym, MaskKind.Show), Is.EqualTo($"{token};x\n"));
        });

    [Test]
    public void A_masked_array_may_be_longer_than_any_buffer_was()
    {
        var plan = Plan(Text, new CopyColumn(TextArray, -1, MaskKind.Pseudonym, Keys.Domain("d")));
        using var buffers = new CopyRowBuffers();
        var array = "{" + string.Join(',', Enumerable.Range(0, 1000)) + "}";
        Assert.That(CopyTextRow.TryMask(plan, plan.Masks, Encoding.ASCII.GetBytes(array + "\n"), isHeader: false, buffers), Is.True);
        Assert.That(Encoding.ASCII.GetString(buffers.Row), Has.Length.EqualTo(3 + (1000 * 24) - 1).And.StartsWith("{pt_"));
    }

    [Test]
    public void A_type_without_a_mask_is_null_as_the_statement_writes_it()
    {
        var options = Csv with { Null = "nothing"u8.ToArray() };
        var plan = Plan(options, new CopyColumn(90_000, -1, MaskKind.Redact), new CopyColumn(PostgresTypeOid.Varbit, -1, MaskKind.Redact));
        using var buffers = new CopyRowBuffers();
        Assert.That(CopyCsvRow.TryMask(plan, plan.Masks, "a,\"nothing\"\n"u8, isHeader: false, buffers), Is.True);
        Assert.That(Encoding.ASCII.GetString(buffers.Row), Is.EqualTo("nothing,\n"));
    }

    [Test]
    public void A_constant_that_reads_like_null_is_put_into_quotes()
    {
        var plan = Plan(Csv with { Null = "****"u8.ToArray() }, new CopyColumn(PostgresTypeOid.Text, -1, MaskKind.Redact));
        using var buffers = new CopyRowBuffers();
        CopyCsvRow.TryMask(plan, plan.Masks, "a\n"u8, isHeader: false, buffers);
        Assert.That(Encoding.ASCII.GetString(buffers.Row), Is.EqualTo("\"****\"\n"));
    }

    [TestCase("\\N", true)]
    [TestCase("", false)]
    [TestCase("123-45-6789", false)]
    public void In_text_a_null_that_could_be_a_value_cannot_be_masked(string nullText, bool can) =>
        Assert.That(CopyPlan.CanMask(Text with { Null = Encoding.ASCII.GetBytes(nullText) }), Is.EqualTo(can));

    [Test]
    public void Nothing_is_allocated_per_row([Values] bool isCsv)
    {
        var options = isCsv ? Csv : Text;
        var plan = Plan(
            options, new CopyColumn(PostgresTypeOid.Text, -1, MaskKind.Pseudonym, Keys.Domain("d")), new CopyColumn(PostgresTypeOid.Date, -1, MaskKind.Year),
            new CopyColumn(PostgresTypeOid.Inet, -1, MaskKind.Redact));
        var row = Encoding.ASCII.GetBytes(isCsv ? "\"a \"\"b\",1975-05-17,10.0.0.1\n" : "a\\tb\t1975-05-17\t10.0.0.1\n");
        using var buffers = new CopyRowBuffers();
        var allocated = 0L;
        for (var round = 0; round < 2; round++)
        {
            allocated = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 100; i++)
                _ = isCsv ? CopyCsvRow.TryMask(plan, plan.Masks, row, false, buffers) : CopyTextRow.TryMask(plan, plan.Masks, row, false, buffers);
            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        }
        Assert.That(allocated, Is.Zero);
    }

    private static string? Masked(CopyOptions options, string row, params MaskKind[] kinds)
    {
        var plan = Plan(options, [.. kinds.Select(kind => new CopyColumn(PostgresTypeOid.Text, -1, kind, Keys.Domain("d")))]);
        using var buffers = new CopyRowBuffers();
        var bytes = Encoding.UTF8.GetBytes(row);
        var isMasked = options.Format is CopyFormat.Csv
            ? CopyCsvRow.TryMask(plan, plan.Masks, bytes, isHeader: false, buffers)
            : CopyTextRow.TryMask(plan, plan.Masks, bytes, isHeader: false, buffers);
        return isMasked ? Encoding.UTF8.GetString(buffers.Row) : null;
    }

    private static CopyPlan Plan(CopyOptions options, params CopyColumn[] columns) =>
        CopyPlan.TryCreate(columns, options, CatalogueTypes.None, new AgeLimit(TimeProvider.System))!;

    /// <summary>As CopyAttributeOutText writes it.</summary>
    private static string AsText(string value, char delimiter = '\t') => string.Concat(value.Select(c => c switch
    {
        '\b' => "\\b",
        '\f' => "\\f",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        '\v' => "\\v",
        '\\' => "\\\\",
        _ when c == delimiter => $"\\{c}",
        _ => $"{c}",
    }));

    /// <summary>As FORCE_QUOTE writes it.</summary>
    private static string AsCsv(string value, char quote, char escape) =>
        quote + string.Concat(value.Select(c => c == quote || c == escape ? $"{escape}{c}" : $"{c}")) + quote;
}
