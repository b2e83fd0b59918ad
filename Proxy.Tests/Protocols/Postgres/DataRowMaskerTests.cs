using System.Buffers.Binary;
using System.Text;
using CsCheck;
using NUnit.Framework;
using Proxy.Core.Masking;
using Proxy.Core.Masking.Postgres;
using Proxy.Protocols.Buffers;
using Proxy.Protocols.Postgres;
using Proxy.Tests.Core.Masking.Postgres;

namespace Proxy.Tests.Protocols.Postgres;

public sealed class DataRowMaskerTests
{
    private static readonly MaskingKeys Keys = new(new byte[32]);

    private static readonly ColumnMask Shown = ColumnMask.Shown;
    private static readonly ColumnMask RedactedText = PostgresType.Mask(MaskKind.Redact, PostgresTypeOid.Text, -1, isBinary: false);
    private static readonly ColumnMask TokenText = Token(PostgresTypeOid.Text);
    private static readonly ColumnMask TokenInteger = Token(PostgresTypeOid.Int8);
    private static readonly ColumnMask TokenTextArray = Token(1009);
    private static readonly ColumnMask TokenUuid = Token(PostgresTypeOid.Uuid);

    private static readonly ColumnMask[] Masks = [Shown, default, RedactedText, TokenText, TokenInteger, TokenTextArray, TokenUuid];

    private static readonly Gen<(ColumnMask Mask, string? Value)> Columns = Gen.Select(
        Gen.Int[0, Masks.Length - 1].Select(i => Masks[i]),
        Gen.Frequency(
            (1, Gen.Bool.Select(_ => (string?)null)),
            (3, Gen.String[Gen.Char["ab{},1"], 0, 60].Select(s => (string?)s)),
            (1, Gen.Long.Select(n => (string?)n.ToString(System.Globalization.CultureInfo.InvariantCulture))),
            (1, Gen.Guid.Select(g => (string?)g.ToString())),
            (1, Gen.Const<string?>("{a,\"b \\\" c\",NULL,{d}}")),
            (1, Gen.Const<string?>("{a,NULL,\"b \\\" c\"}"))));

    [Test]
    public void Any_row_under_any_plan_equals_its_columns_masked_one_by_one() =>
        Gen.Select(Columns.Array[0, 12], Gen.Int[0, 70]).Sample((columns, free) =>
        {
            var plan = new MaskPlan([.. columns.Select(column => column.Mask)]);
            var expected = Row(columns.Select(column => column.Value is null ? null : MaskedValue.Of(column.Mask, column.Value)));
            Assert.That(Masked(plan, Row(columns.Select(column => column.Value)), free), Is.EqualTo(expected));
        });

    [Test]
    public void A_row_of_shown_columns_stays_untouched()
    {
        var row = Row(["a", null, "ccc"]);
        var copy = row.ToArray();
        using var scratch = new RowScratch();
        var outcome = DataRowMasker.Mask(new MaskPlan([Shown, Shown, Shown]), copy, 0, scratch, out var length);
        Assert.That((outcome, length), Is.EqualTo((RowOutcome.InPlace, row.Length)));
        Assert.That(copy, Is.EqualTo(row));
    }

    [Test]
    public void A_row_that_shrinks_is_masked_in_place()
    {
        var region = Row(["1", "a long name", "x"]);
        using var scratch = new RowScratch();
        var outcome = DataRowMasker.Mask(new MaskPlan([Shown, RedactedText, Shown]), region, 0, scratch, out var length);
        Assert.That(outcome, Is.EqualTo(RowOutcome.InPlace));
        Assert.That(region[..length], Is.EqualTo(Row(["1", "****", "x"])));
    }

    [Test]
    public void A_column_that_grows_borrows_from_one_that_shrinks_later()
    {
        var region = Row(["1", "B", "a long name"]);
        using var scratch = new RowScratch();
        var outcome = DataRowMasker.Mask(new MaskPlan([Shown, RedactedText, RedactedText]), region, 0, scratch, out var length);
        Assert.That(outcome, Is.EqualTo(RowOutcome.InPlace));
        Assert.That(region[..length], Is.EqualTo(Row(["1", "****", "****"])));
    }

    [Test]
    public void A_row_that_grows_is_in_the_scratch_buffer()
    {
        using var scratch = new RowScratch();
        var outcome = DataRowMasker.Mask(new MaskPlan([RedactedText, Shown]), Row(["B", "xyz"]), 0, scratch, out var length);
        Assert.That(outcome, Is.EqualTo(RowOutcome.InScratch));
        Assert.That(scratch.Row(length).ToArray(), Is.EqualTo(Row(["****", "xyz"])));
    }

    [Test]
    public void The_room_that_earlier_rows_gave_up_keeps_a_growing_row_in_place()
    {
        var row = Row(["B", "xyz"]);
        var region = new byte[row.Length + 3];
        row.CopyTo(region, 3);
        using var scratch = new RowScratch();
        var outcome = DataRowMasker.Mask(new MaskPlan([RedactedText, Shown]), region, 3, scratch, out var length);
        Assert.That(outcome, Is.EqualTo(RowOutcome.InPlace));
        Assert.That(region[..length], Is.EqualTo(Row(["****", "xyz"])));
    }

    [Test]
    public void The_scratch_buffer_masks_again_after_it_was_trimmed()
    {
        using var scratch = new RowScratch();
        var plan = new MaskPlan([TokenTextArray]);
        var array = "{" + string.Join(',', Enumerable.Repeat("a", 20_000)) + "}";
        foreach (var value in (string[])[array, "{a}", array])
        {
            var outcome = DataRowMasker.Mask(plan, Row([value]), 0, scratch, out var length);
            Assert.That(outcome, Is.EqualTo(RowOutcome.InScratch));
            Assert.That(scratch.Row(length).ToArray(), Is.EqualTo(Row([MaskedValue.Of(TokenTextArray, value)])));
            scratch.Trim();
        }
    }

    [Test]
    public void An_unknown_result_is_masked_to_nulls_whatever_its_width([Values(0, 1, 5)] int columns) =>
        Assert.That(
            Masked(MaskPlan.Everything, Row(Enumerable.Repeat("secret", columns)), 0),
            Is.EqualTo(Row(Enumerable.Repeat((string?)null, columns))));

    [Test]
    public void A_column_count_other_than_the_plans_is_malformed([Values(0, 1, 3)] int columns) =>
        Assert.That(Outcome(new MaskPlan([Shown, Shown]), Row(Enumerable.Repeat("a", columns))), Is.EqualTo(RowOutcome.Malformed));

    [Test]
    public void A_row_cut_anywhere_is_malformed()
    {
        var row = Row(["shown", "name", null, "{a,b}"]);
        var plan = new MaskPlan([Shown, RedactedText, TokenText, TokenTextArray]);
        for (var cut = 0; cut < row.Length; cut++)
            Assert.That(Outcome(plan, row[..cut]), Is.EqualTo(RowOutcome.Malformed), $"cut at {cut}");
    }

    [Test]
    public void Bytes_after_the_last_column_are_malformed() =>
        Assert.That(Outcome(new MaskPlan([Shown, RedactedText]), [.. Row(["a", "b"]), 0]), Is.EqualTo(RowOutcome.Malformed));

    [Test]
    public void A_length_that_is_negative_or_beyond_the_row_is_malformed([Values(-2, int.MinValue, 2, int.MaxValue)] int length)
    {
        var row = Row(["a"]);
        BinaryPrimitives.WriteInt32BigEndian(row.AsSpan(2), length);
        Assert.That(Outcome(new MaskPlan([Shown]), row), Is.EqualTo(RowOutcome.Malformed));
        Assert.That(Outcome(MaskPlan.Everything, row), Is.EqualTo(RowOutcome.Malformed));
    }

    [Test]
    public void No_byte_of_a_masked_value_survives_mutated_frames() =>
        Gen.Select(Gen.Byte.Array[0, 120], Gen.Int[0, 4]).Sample((bytes, columns) =>
        {
            // Whatever the bytes say, a plan that masks everything lets none of a value through: only a count and NULLs.
            if (bytes.Length >= 2)
                BinaryPrimitives.WriteInt16BigEndian(bytes, (short)columns);
            using var scratch = new RowScratch();
            var outcome = DataRowMasker.Mask(MaskPlan.Everything, bytes, 0, scratch, out var length);
            if (outcome != RowOutcome.Malformed)
                Assert.That(bytes[..length], Is.EqualTo(Row(Enumerable.Repeat((string?)null, columns))));
        });

    private static ColumnMask Token(uint oid) => PostgresType.Mask(MaskKind.Pseudonym, oid, -1, isBinary: false, Keys.Domain("patients"));

    private static RowOutcome Outcome(MaskPlan plan, byte[] row)
    {
        using var scratch = new RowScratch();
        return DataRowMasker.Mask(plan, row.ToArray(), 0, scratch, out _);
    }

    private static byte[] Masked(MaskPlan plan, byte[] row, int free)
    {
        var region = new byte[free + row.Length];
        row.CopyTo(region, free);
        using var scratch = new RowScratch();
        return DataRowMasker.Mask(plan, region, free, scratch, out var length) switch
        {
            RowOutcome.InPlace => region[..length],
            RowOutcome.InScratch => scratch.Row(length).ToArray(),
            var outcome => throw new InvalidOperationException($"{outcome}"),
        };
    }

    private static byte[] Row(IEnumerable<string?> values) =>
        Row(values.Select(value => value is null ? null : Encoding.UTF8.GetBytes(value)));

    private static byte[] Row(IEnumerable<byte[]?> values)
    {
        var columns = values.ToArray();
        var row = new MemoryStream();
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt16BigEndian(number, (short)columns.Length);
        row.Write(number[..2]);
        foreach (var column in columns)
        {
            BinaryPrimitives.WriteInt32BigEndian(number, column?.Length ?? -1);
            row.Write(number);
            row.Write(column);
        }
        return row.ToArray();
    }
}
