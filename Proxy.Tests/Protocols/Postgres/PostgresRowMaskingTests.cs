using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using CsCheck;
using NUnit.Framework;
using Proxy.Core.Masking;
using Proxy.Core.Masking.Postgres;
using Proxy.Protocols.Buffers;
using Proxy.Protocols.Postgres;

namespace Proxy.Tests.Protocols.Postgres;

/// <summary>Rows that are masked several at a time, against the same rows masked one by one.</summary>
public sealed class PostgresRowMaskingTests
{
    private const byte Canary = 0xEE;

    private static readonly MaskingKeys Keys = new(new byte[32]);

    private static readonly ColumnMask[] Masks =
    [
        ColumnMask.Shown,
        PostgresType.Mask(MaskKind.Redact, PostgresTypeOid.Text, -1, isBinary: false),
        PostgresType.Mask(MaskKind.Redact, PostgresTypeOid.Uuid, -1, isBinary: false),
        default,
        PostgresType.Mask(MaskKind.Pseudonym, PostgresTypeOid.Text, -1, isBinary: false, Keys.Domain("patients")),
        PostgresType.Mask(MaskKind.Pseudonym, PostgresTypeOid.Text, -1, isBinary: false, Keys.Domain("patients")) with { MaxLength = 16 },
        PostgresType.Mask(MaskKind.Pseudonym, PostgresTypeOid.Text, -1, isBinary: false, Keys.Domain("patients")) with { MaxLength = 5 },
    ];

    private static readonly Gen<byte[]?> Values = Gen.Frequency((1, Gen.Bool.Select(static _ => (byte[]?)null)), (4, Gen.Byte.Array[0, 20].Select(static value => (byte[]?)value)), (1, Gen.Byte.Array[20, 300].Select(static value => (byte[]?)value)));

    private static readonly Gen<(ColumnMask[] Masks, byte[]?[][] Rows, int Dropped, int Behind)> Results =
        from masks in Gen.Int[0, Masks.Length - 1].Select(static i => Masks[i]).Array[1, 8]
        from rows in Values.Array[masks.Length].Array[1, 50]
        from dropped in Gen.Int[0, 60]
        from behind in Gen.Int[0, 60]
        select (masks, rows, dropped, behind);

    [Test]
    public async Task Any_rows_leave_as_each_would_alone() =>
        await Results.SampleAsync(async result =>
        {
            var plan = new MaskPlan(result.Masks);
            Assert.That(plan.Shape, Is.Not.Null);
            var rows = result.Rows.Select(Row).ToArray();
            var (sent, isWhole, count) = await ForwardAsync(plan, rows, result.Dropped, result.Behind);
            Assert.That(isWhole);
            Assert.That(count, Is.EqualTo(rows.Length));
            Assert.That(sent, Is.EqualTo(rows.SelectMany(row => Alone(plan, row))));
        });

    /// <summary>Nothing of a row whose lengths lie goes out, and the rows before it have gone out masked.</summary>
    [Test]
    public async Task A_row_that_lies_ends_the_run_behind_those_before_it([Values(0, 1, 15, 16, 17, 40)] int before, [Values] RowLie lie)
    {
        var plan = new MaskPlan([Masks[0], Masks[1], Masks[4]]);
        byte[]?[] values = ["17"u8.ToArray(), "Ada Lovelace"u8.ToArray(), "555-12-3456"u8.ToArray()];
        var rows = Enumerable.Repeat(values, before).Select(Row).Append(Lying(Row(values), lie)).ToArray();
        var (sent, isWhole, count) = await ForwardAsync(plan, rows, dropped: 0);
        Assert.That(isWhole, Is.False);
        Assert.That(count, Is.EqualTo(before));
        Assert.That(sent, Is.EqualTo(rows[..before].SelectMany(row => Alone(plan, row))));
    }

    /// <summary>Together they would be longer than memory that is asked for at once should be.</summary>
    [Test]
    public async Task Rows_that_become_megabytes_longer_leave_as_each_would_alone()
    {
        var plan = new MaskPlan([.. Enumerable.Repeat(PostgresType.Mask(MaskKind.Redact, PostgresTypeOid.Bit, 65_536, isBinary: false), 8)]);
        byte[][] rows = [.. Enumerable.Range(0, 20).Select(_ => Row([.. Enumerable.Repeat("1"u8.ToArray(), 8)]))];
        var (sent, isWhole, _) = await ForwardAsync(plan, rows, dropped: 0);
        Assert.That(isWhole);
        Assert.That(sent, Has.Length.GreaterThan(8 * 1024 * 1024));
        Assert.That(sent.AsSpan().SequenceEqual(rows.SelectMany(row => Alone(plan, row)).ToArray()));
    }

    /// <summary>Values are copied by chunks, and what lies behind them comes along; the memory is lent to others afterwards.</summary>
    [Test]
    public void Nothing_of_the_next_row_is_left_behind_those_that_were_copied()
    {
        var plan = new MaskPlan([Masks[4], ColumnMask.Shown]);
        var row = Row(["Ada"u8.ToArray(), "x"u8.ToArray()]);
        byte[] received = [.. row, .. row, (byte)'D', 0, 0, 0, 200, .. Enumerable.Repeat(Canary, 100)];
        var writer = new HeldWriter();
        var outbound = new Outbound(writer);
        using var masking = new PostgresRowMasking();
        using var subjects = new SubjectRows(null);
        outbound.Begin(received);
        var position = 0;
        Assert.That(masking.TryForward(plan.Shape!, plan, received, ref position, subjects, outbound, out var count));
        Assert.That((count, outbound.TotalBytes), Is.EqualTo((2, 2L * Alone(plan, row).Length)));
        Assert.That(writer.Memory.Contains(Canary), Is.False);
    }

    [Test]
    public async Task Without_keys_tokens_are_redacted()
    {
        using var keys = new MaskingKeys(new byte[32]);
        var mask = PostgresType.Mask(MaskKind.Pseudonym, PostgresTypeOid.Text, -1, isBinary: false, keys.Domain("patients"));
        keys.Dispose();
        var (sent, _, _) = await ForwardAsync(new MaskPlan([mask]), [Row(["Ada"u8.ToArray()])], dropped: 0);
        Assert.That(sent, Is.EqualTo(Row(["****"u8.ToArray()])));
    }

    /// <summary>How a row can be wrong whose frame is whole.</summary>
    public enum RowLie
    {
        /// <summary>A value longer than the row.</summary>
        TooLong,

        /// <summary>A length that is neither NULL's nor a length.</summary>
        Negative,

        /// <summary>Bytes behind the last column.</summary>
        Rest,

        /// <summary>Another number of columns than the plan has.</summary>
        Count,
    }

    private static byte[] Lying(byte[] row, RowLie lie)
    {
        const int count = PostgresFraming.HeaderLength;
        const int firstLength = count + sizeof(short);
        switch (lie)
        {
            case RowLie.TooLong:
                BinaryPrimitives.WriteInt32BigEndian(row.AsSpan(firstLength), 1000);
                return row;
            case RowLie.Negative:
                BinaryPrimitives.WriteInt32BigEndian(row.AsSpan(firstLength), -2);
                return row;
            case RowLie.Rest:
                row = [.. row, 0];
                BinaryPrimitives.WriteInt32BigEndian(row.AsSpan(1), row.Length - 1);
                return row;
            default:
                BinaryPrimitives.WriteInt16BigEndian(row.AsSpan(count), 4);
                return row;
        }
    }

    /// <param name="plan">Their masks.</param>
    /// <param name="rows">Frames.</param>
    /// <param name="dropped">Bytes behind the first row, which is sent before, that are dropped: rows behind them have so much room.</param>
    /// <param name="behind">Bytes of a row that has not come whole.</param>
    private static async Task<(byte[] Sent, bool IsWhole, int Rows)> ForwardAsync(MaskPlan plan, byte[][] rows, int dropped, int behind = 0)
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        var outbound = new Outbound(pipe.Writer);
        byte[] first = [(byte)'N', 0, 0, 0, 4];
        byte[] received = [.. first, .. new byte[dropped], .. rows.SelectMany(static row => row), (byte)'D', 0, 0, 0, 100, .. new byte[behind]];
        using var masking = new PostgresRowMasking();
        using var subjects = new SubjectRows(null);
        var tap = new Tap();
        outbound.Begin(received);
        outbound.BeginTap(tap);
        outbound.Forward(0, first.Length);
        var position = first.Length + dropped;
        var isWhole = masking.TryForward(plan.Shape!, plan, received, ref position, subjects, outbound, out var count);
        outbound.EndTap();
        await outbound.FlushAsync(CancellationToken.None);
        await pipe.Writer.CompleteAsync();
        var sent = (await pipe.Reader.ReadAtLeastAsync(1 << 20)).Buffer.ToArray();
        Assert.That(sent[..first.Length], Is.EqualTo(first));
        Assert.That(tap.Shown, Is.EqualTo(sent), "what the record is shown is what is sent");
        Assert.That(outbound.TotalBytes, Is.EqualTo(sent.Length));
        return (sent[first.Length..], isWhole, count);
    }

    /// <summary>Sends nothing.</summary>
    private sealed class HeldWriter : PipeWriter
    {
        public byte[] Memory { get; } = new byte[256 * 1024];

        public override void Advance(int bytes)
        {
        }

        public override void CancelPendingFlush()
        {
        }

        public override void Complete(Exception? exception = null)
        {
        }

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => default;

        public override Memory<byte> GetMemory(int sizeHint = 0) => Memory;

        public override Span<byte> GetSpan(int sizeHint = 0) => Memory;
    }

    private sealed class Tap : IOutboundTap
    {
        public List<byte> Shown { get; } = [];

        public void Take(ReadOnlySpan<byte> bytes) => Shown.AddRange(bytes);
    }

    private static byte[] Alone(MaskPlan plan, byte[] row)
    {
        using var scratch = new RowScratch();
        var body = row[PostgresFraming.HeaderLength..];
        var masked = DataRowMasker.Mask(plan, body, 0, scratch, out var length) is RowOutcome.InPlace ? body[..length] : scratch.Row(length).ToArray();
        return Frame(masked);
    }

    private static byte[] Row(byte[]?[] values)
    {
        var body = new ArrayBufferWriter<byte>();
        BinaryPrimitives.WriteInt16BigEndian(body.GetSpan(sizeof(short)), (short)values.Length);
        body.Advance(sizeof(short));
        foreach (var value in values)
        {
            BinaryPrimitives.WriteInt32BigEndian(body.GetSpan(sizeof(int)), value?.Length ?? -1);
            body.Advance(sizeof(int));
            body.Write(value);
        }

        return Frame(body.WrittenSpan);
    }

    private static byte[] Frame(ReadOnlySpan<byte> body)
    {
        var frame = new byte[PostgresFraming.HeaderLength + body.Length];
        frame[0] = (byte)'D';
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), sizeof(int) + body.Length);
        body.CopyTo(frame.AsSpan(PostgresFraming.HeaderLength));
        return frame;
    }
}
