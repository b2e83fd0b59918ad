using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Text;
using NUnit.Framework;
using Proxy.Core.Masking;
using Proxy.Core.Masking.MySql;
using Proxy.Protocols.Buffers;
using Proxy.Protocols.MySql;
using Proxy.Protocols.MySql.Messages;

namespace Proxy.Tests.Protocols.MySql;

/// <summary>Rows that are masked several at a time, against the same rows written anew, value by value.</summary>
public sealed class MySqlRowMaskingTests
{
    private const byte Dirt = 0xEE;

    private readonly MaskingKeys _keys = new(new byte[MaskingKeys.MasterKeyBytesMin]);

    [OneTimeTearDown]
    public void ForgetKeys() => _keys.Dispose();

    [Test]
    public async Task Any_rows_leave_as_each_written_anew([Values] bool isBinary)
    {
        var random = new Random(1);
        for (var i = 0; i < 1_000; i++)
        {
            var (columns, masks) = Columns(random, isBinary);
            var rows = Rows(random, columns, isBinary, 1 + (random.Next(3) * random.Next(20)));
            var (sequence, shift) = ((byte)random.Next(256), (byte)(random.Next(2) * 3));
            byte[] received = Packets(rows.Select(row => Write(columns, row, isBinary)), sequence);
            var expected = Packets(rows.Select(row => Write(columns, Masked(columns, masks, row, isBinary), isBinary)), (byte)(sequence + shift));

            var (sent, fault, count) = await ForwardAsync(new MySqlRowShape(new MySqlMaskPlan(masks), columns, isBinary), received, sequence, shift, dropped: random.Next(3) * random.Next(60));

            Assert.That(fault, Is.Null);
            Assert.That(count, Is.EqualTo(rows.Length));
            Assert.That(sent.AsSpan().SequenceEqual(expected), Is.True, () => $"{rows.Length} rows of {columns.Length} columns, run {i}");
        }
    }

    /// <summary>Nothing of it goes out, and the rows before it have gone out masked.</summary>
    [Test]
    public async Task A_row_that_is_cut_or_has_bytes_left_over_ends_the_run_behind_those_before_it([Values] bool isBinary, [Values(0, 1, 15, 16, 17)] int before)
    {
        var random = new Random(2);
        for (var i = 0; i < 20; i++)
        {
            var (columns, masks) = Columns(random, isBinary);
            var rows = Rows(random, columns, isBinary, before + 1);
            var last = Write(columns, rows[^1], isBinary);
            if (last.Length > 200) continue; // Every place of a long one would take minutes, and the short ones have every shape.
            var whole = rows[..^1].Select(row => Write(columns, row, isBinary)).ToArray();
            var expected = Packets(rows[..^1].Select(row => Write(columns, Masked(columns, masks, row, isBinary), isBinary)), 0);
            foreach (var lie in Enumerable.Range(1, last.Length - 1).Select(length => last[..length]).Append([.. last, 0]))
            {
                var (sent, fault, count) = await ForwardAsync(new MySqlRowShape(new MySqlMaskPlan(masks), columns, isBinary), Packets([.. whole, lie], 0));
                Assert.That(fault, Is.EqualTo("malformed row"));
                Assert.That(count, Is.EqualTo(before));
                Assert.That(sent.AsSpan().SequenceEqual(expected), Is.True);
            }
        }
    }

    [Test]
    public async Task A_row_out_of_order_ends_the_run_behind_those_before_it([Values(0, 1, 15, 16, 17)] int before)
    {
        MySqlResultColumn[] columns = [Column(MySqlFieldType.VarString, isBinary: false)];
        var row = Write(columns, ["Ada"u8.ToArray()], isBinary: false);
        var masked = Write(columns, ["****"u8.ToArray()], isBinary: false);
        var (sent, fault, count) = await ForwardAsync(
            new MySqlRowShape(new MySqlMaskPlan([new MySqlColumnMask { Type = MySqlMaskType.Text }]), columns, isBinary: false),
            [.. Packets(Enumerable.Repeat(row, before), 0), .. Packets([row], (byte)(before + 1))]);
        Assert.That(fault, Is.EqualTo("a packet is out of order"));
        Assert.That(count, Is.EqualTo(before));
        Assert.That(sent, Is.EqualTo(Packets(Enumerable.Repeat(masked, before), 0)));
    }

    [Test]
    public async Task Without_a_plan_every_value_is_null([Values] bool isBinary)
    {
        var random = new Random(3);
        for (var i = 0; i < 100; i++)
        {
            var (columns, _) = Columns(random, isBinary);
            var rows = Rows(random, columns, isBinary, 20);

            var (sent, _, _) = await ForwardAsync(
                new MySqlRowShape(MySqlMaskPlan.Everything, columns, isBinary), Packets(rows.Select(row => Write(columns, row, isBinary)), 0));

            Assert.That(sent, Is.EqualTo(Packets(Enumerable.Repeat(Write(columns, new byte[]?[columns.Length], isBinary), 20), 0)));
        }
    }

    [Test]
    public async Task Without_keys_tokens_are_redacted([Values] bool isBinary)
    {
        using var keys = new MaskingKeys(new byte[MaskingKeys.MasterKeyBytesMin]);
        var mask = new MySqlColumnMask { Kind = MaskKind.Pseudonym, Type = MySqlMaskType.Text, IsBinary = isBinary, Domain = keys.Domain("tests") };
        keys.Dispose();
        MySqlResultColumn[] columns = [Column(MySqlFieldType.VarString, isBinary)];
        var (sent, _, _) = await ForwardAsync(new MySqlRowShape(new MySqlMaskPlan([mask]), columns, isBinary), Packets([Write(columns, ["Ada"u8.ToArray()], isBinary)], 0));
        Assert.That(sent, Is.EqualTo(Packets([Write(columns, ["****"u8.ToArray()], isBinary)], 0)));
    }

    /// <summary>A row that fits a packet as it came, and would fill one as it goes: then another would have to follow.</summary>
    [Test]
    public async Task A_row_that_becomes_too_long_for_a_packet_does_not_go_out([Values(0, 100)] int dropped)
    {
        MySqlResultColumn[] columns = [Column(MySqlFieldType.VarString, isBinary: false), Column(MySqlFieldType.LongBlob, isBinary: false)];
        var row = Write(columns, ["A"u8.ToArray(), new byte[MySqlFraming.PayloadMax - 9]], isBinary: false);
        Assert.That(row, Has.Length.LessThan(MySqlFraming.PayloadMax));
        var shape = new MySqlRowShape(new MySqlMaskPlan([new MySqlColumnMask { Type = MySqlMaskType.Text }, MySqlColumnMask.Shown]), columns, isBinary: false);
        var (sent, fault, count) = await ForwardAsync(shape, Packets([row], 0), dropped: dropped);
        Assert.That(fault, Is.EqualTo("too long"));
        Assert.That(count, Is.Zero);
        Assert.That(sent, Is.Empty);
    }

    [TestCase(MySqlFieldType.Tiny, false, new byte[] { 0x80 }, "-128")]
    [TestCase(MySqlFieldType.Tiny, true, new byte[] { 0xFF }, "255")]
    [TestCase(MySqlFieldType.Short, false, new byte[] { 0xFE, 0xFF }, "-2")]
    [TestCase(MySqlFieldType.Short, true, new byte[] { 0xFE, 0xFF }, "65534")]
    [TestCase(MySqlFieldType.Long, false, new byte[] { 0, 0, 0, 0x80 }, "-2147483648")]
    [TestCase(MySqlFieldType.Long, true, new byte[] { 0, 0, 0, 0x80 }, "2147483648")]
    [TestCase(MySqlFieldType.LongLong, false, new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF }, "-1")]
    [TestCase(MySqlFieldType.LongLong, true, new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF }, "18446744073709551615")]
    [TestCase(MySqlFieldType.Long, false, new byte[] { 1, 2, 3 }, "")]
    [TestCase(MySqlFieldType.Date, false, new byte[] { 0xE7, 0x07, 2, 28 }, "2023-02-28")]
    public void A_binary_value_is_written_as_the_server_writes_it_in_text(MySqlFieldType type, bool isUnsigned, byte[] value, string expected) =>
        Assert.That(Encoding.ASCII.GetString(BinaryText.Write(type, isUnsigned, value, new byte[BinaryText.BytesMax])), Is.EqualTo(expected));

    private (MySqlResultColumn[] Columns, MySqlColumnMask[] Masks) Columns(Random random, bool isBinary)
    {
        var count = random.Next(1, 20);
        var columns = new MySqlResultColumn[count];
        var masks = new MySqlColumnMask[count];
        for (var i = 0; i < count; i++)
        {
            var isNumber = random.Next(3) == 0;
            columns[i] = Column(isNumber ? MySqlFieldType.Long : MySqlFieldType.VarString, isBinary);
            masks[i] = random.Next(3) switch
            {
                0 => MySqlColumnMask.Shown,
                1 => default,
                _ => new MySqlColumnMask { Kind = MaskKind.Pseudonym, Domain = _keys.Domain("tests") },
            } with
            {
                // Of a type without a mask, everything becomes NULL; a number of another width than the column's does, too.
                Type = random.Next(8) == 0 ? MySqlMaskType.Unknown : isNumber ? MySqlMaskType.Integer : MySqlMaskType.Text,
                IsBinary = isBinary,
                Width = random.Next(8) == 0 ? (byte)sizeof(long) : (byte)sizeof(int),
                MaxLength = random.Next(3) switch { 0 => 0, 1 => 16, _ => random.Next(1, 30) },
            };
        }

        return (columns, masks);
    }

    private static MySqlResultColumn Column(MySqlFieldType type, bool isBinary) => new("", "", "", type, 0, 0, 0, 0, isBinary);

    private static byte[]?[][] Rows(Random random, MySqlResultColumn[] columns, bool isBinary, int count)
    {
        var rows = new byte[]?[count][];
        for (var i = 0; i < count; i++)
            rows[i] = [.. columns.Select(column => random.Next(6) == 0 ? null : column.Type is MySqlFieldType.Long ? Number(random, isBinary) : Text(random))];
        return rows;
    }

    private static byte[] Packets(IEnumerable<byte[]> payloads, byte sequence)
    {
        var packets = new List<byte>();
        var header = new byte[MySqlFraming.HeaderLength];
        foreach (var payload in payloads)
        {
            MySqlFraming.WriteLength(header, payload.Length);
            header[MySqlFraming.SequenceOffset] = sequence++;
            packets.AddRange(header);
            packets.AddRange(payload);
        }

        return [.. packets];
    }

    /// <param name="shape">Of the rows.</param>
    /// <param name="rows">Packets.</param>
    /// <param name="sequence">The number of the first.</param>
    /// <param name="shift">What is added to it.</param>
    /// <param name="dropped">Bytes behind a packet that is sent before, that are dropped: rows behind them have so much room.</param>
    private static async Task<(byte[] Sent, string? Fault, int Rows)> ForwardAsync(MySqlRowShape shape, byte[] rows, byte sequence = 0, byte shift = 0, int dropped = 0)
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        var outbound = new Outbound(pipe.Writer);
        byte[] first = [1, 0, 0, 9, 1];
        byte[] received = [.. first, .. Enumerable.Repeat(Dirt, dropped), .. rows, 1, 0];
        var run = new RowRun();
        var masking = new MySqlRowMasking();
        var tap = new Tap();
        outbound.Begin(received);
        outbound.BeginTap(tap);
        outbound.Forward(0, first.Length);
        masking.Begin();
        var position = first.Length + dropped;
        var (count, isTooLong) = (0, false);
        do
        {
            run.Find(received, position, shape, (byte)(sequence + count), deprecatesEof: false, RowRun.RowsMax);
            masking.Make(shape, run, received);
            for (var row = 0; row < run.Count && !isTooLong; row++)
            {
                isTooLong = !masking.TryForward(shape, run, row, shift, received, outbound);
                if (!isTooLong) count++;
            }

            position = run.StartOf(run.Count);
        }
        while (run.Count == RowRun.RowsMax && !isTooLong);

        outbound.EndTap();
        await outbound.FlushAsync(CancellationToken.None);
        await pipe.Writer.CompleteAsync();
        var sent = (await pipe.Reader.ReadAtLeastAsync(1 << 30)).Buffer.ToArray();
        Assert.That(sent.AsSpan(0, first.Length).SequenceEqual(first), Is.True);
        Assert.That(tap.Shown.SequenceEqual(sent), Is.True, "what the record is shown is what is sent");
        Assert.That(outbound.TotalBytes, Is.EqualTo(sent.Length));
        return (sent[first.Length..], isTooLong ? "too long" : run.Fault, count);
    }

    private static byte[] Number(Random random, bool isBinary)
    {
        var number = random.Next();
        if (!isBinary) return Encoding.ASCII.GetBytes(number.ToString(System.Globalization.CultureInfo.InvariantCulture));
        var bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        return bytes;
    }

    /// <summary>Mostly short ones; some around the lengths at which a length takes another byte.</summary>
    private static byte[] Text(Random random)
    {
        var text = new byte[random.Next(40) switch { 0 => random.Next(248, 256), 1 => random.Next(65_533, 65_539), _ => random.Next(40) }];
        random.NextBytes(text);
        return text;
    }

    private static byte[]?[] Masked(MySqlResultColumn[] columns, MySqlColumnMask[] masks, byte[]?[] values, bool isBinary) =>
        [.. values.Select((value, column) => Masked(masks[column], columns[column].Type, isBinary, value))];

    private static byte[]? Masked(in MySqlColumnMask mask, MySqlFieldType type, bool isBinary, byte[]? value)
    {
        if (value is null) return null;
        if (mask.Kind is MaskKind.Show) return value;
        var masked = new byte[MySqlValueMasker.BytesMax];
        if (!MySqlValueMasker.TryMask(mask, value, masked, out var length) || length == MySqlValueMasker.Null) return null;
        return isBinary && type is MySqlFieldType.Long && length != sizeof(int) ? null : masked[..length];
    }

    private static byte[] Write(MySqlResultColumn[] columns, byte[]?[] values, bool isBinary)
    {
        var row = new List<byte>();
        var prefix = new byte[LengthEncoded.BytesMax];
        if (isBinary) row.AddRange(new byte[1 + ((values.Length + 9) / 8)]);
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] is not { } value)
            {
                if (isBinary) row[1 + ((i + 2) / 8)] |= (byte)(1 << ((i + 2) % 8));
                else row.Add(ReplyCode.Null);
                continue;
            }

            if (!isBinary || columns[i].Type is not MySqlFieldType.Long)
                row.AddRange(prefix[..LengthEncoded.Write(prefix, value.Length)]);
            row.AddRange(value);
        }

        return [.. row];
    }

    private sealed class Tap : IOutboundTap
    {
        private readonly ArrayBufferWriter<byte> _shown = new();

        public ReadOnlySpan<byte> Shown => _shown.WrittenSpan;

        public void Take(ReadOnlySpan<byte> bytes) => _shown.Write(bytes);
    }
}
