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

/// <summary>Rows rewritten in place against rows written anew, value by value.</summary>
public sealed class RowMaskerTests
{
    private const int Rows = 4_000;
    private const byte Dirt = 0xEE;

    private readonly MaskingKeys _keys = new(new byte[MaskingKeys.MasterKeyBytesMin]);
    private readonly RowScratch _scratch = new();

    [OneTimeTearDown]
    public void ForgetKeys()
    {
        _keys.Dispose();
        _scratch.Dispose();
    }

    [Test]
    public void A_row_rewritten_in_place_is_the_row_written_anew([Values] bool isBinary)
    {
        var random = new Random(1);
        for (var i = 0; i < Rows; i++)
        {
            var (types, masks, values) = Columns(random, isBinary);
            var plan = new MySqlMaskPlan(masks);
            var free = random.Next(3) * random.Next(40);
            var row = Write(types, values, isBinary);
            byte[] region = [.. Enumerable.Repeat(Dirt, free), .. row];

            var outcome = RowMasker.Mask(plan, types, isBinary, region, free, _scratch, out var length);

            var expected = Write(types, [.. values.Select((value, column) => Masked(masks[column], types[column], isBinary, value))], isBinary);
            var masked = outcome is RowOutcome.InPlace ? region.AsSpan(0, length) : _scratch.Row(length).Span;
            Assert.That(outcome, Is.EqualTo(expected.Length <= region.Length ? RowOutcome.InPlace : RowOutcome.InScratch));
            Assert.That(masked.SequenceEqual(expected), Is.True, () => $"row {i} of {types.Length} columns, {free} bytes free");
        }
    }

    /// <summary>Tokens of the rows of one receive are made together; each row must leave as it would alone.</summary>
    [Test]
    public async Task Rows_of_one_receive_leave_as_each_would_alone([Values] bool isBinary)
    {
        var random = new Random(4);
        for (var i = 0; i < 300; i++)
        {
            var (types, masks, _) = Columns(random, isBinary);
            var plan = new MySqlMaskPlan(masks);
            var rows = Enumerable.Range(0, 1 + random.Next(40)).Select(_ => types.Select(type => ValueOf(type, random, isBinary)).ToArray()).ToArray();
            byte[] received = [.. rows.SelectMany((row, number) => Packet(Write(types, row, isBinary), (byte)number))];
            byte[] expected =
            [
                .. rows.SelectMany((row, number) =>
                    Packet(Write(types, [.. row.Select((value, column) => Masked(masks[column], types[column], isBinary, value))], isBinary), (byte)number)),
            ];

            Assert.That((await ForwardAsync(plan, types, isBinary, received)).AsSpan().SequenceEqual(expected), Is.True, () => $"{rows.Length} rows of {types.Length} columns, run {i}");
        }
    }

    [Test]
    public void A_row_that_is_cut_or_has_bytes_left_over_is_malformed([Values] bool isBinary)
    {
        var random = new Random(2);
        for (var i = 0; i < 100; i++)
        {
            var (types, masks, values) = Columns(random, isBinary);
            var row = Write(types, values, isBinary);
            if (row.Length > 1_000) continue; // Every place of a long one would take minutes, and the short ones have every shape.
            for (var length = 0; length < row.Length; length++)
                Assert.That(Mask(row[..length]), Is.EqualTo(RowOutcome.Malformed));
            Assert.That(Mask([.. row, 0]), Is.EqualTo(RowOutcome.Malformed));

            RowOutcome Mask(byte[] bytes) => RowMasker.Mask(new MySqlMaskPlan(masks), types, isBinary, bytes, 0, _scratch, out _);
        }
    }

    [Test]
    public void Without_a_plan_every_value_is_null([Values] bool isBinary)
    {
        var random = new Random(3);
        for (var i = 0; i < 100; i++)
        {
            var (types, _, values) = Columns(random, isBinary);
            var row = Write(types, values, isBinary);

            var outcome = RowMasker.Mask(MySqlMaskPlan.Everything, types, isBinary, row, 0, _scratch, out var length);

            Assert.That(outcome, Is.EqualTo(RowOutcome.InPlace));
            Assert.That(row[..length], Is.EqualTo(Write(types, new byte[]?[types.Length], isBinary)));
        }
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

    private (MySqlFieldType[] Types, MySqlColumnMask[] Masks, byte[]?[] Values) Columns(Random random, bool isBinary)
    {
        var count = random.Next(1, 20);
        var types = new MySqlFieldType[count];
        var masks = new MySqlColumnMask[count];
        var values = new byte[]?[count];
        for (var i = 0; i < count; i++)
        {
            var isNumber = random.Next(3) == 0;
            types[i] = isNumber ? MySqlFieldType.Long : MySqlFieldType.VarString;
            masks[i] = random.Next(3) switch
            {
                0 => MySqlColumnMask.Shown,
                1 => default,
                _ => new MySqlColumnMask { Kind = MaskKind.Pseudonym, Domain = _keys.Domain("tests") },
            } with
            {
                // Of a type without a mask, everything becomes NULL.
                Type = random.Next(8) == 0 ? MySqlMaskType.Unknown : isNumber ? MySqlMaskType.Integer : MySqlMaskType.Text,
                IsBinary = isBinary,
                Width = sizeof(int),
                MaxLength = random.Next(2) * 16,
            };
            if (random.Next(6) != 0) values[i] = isNumber ? Number(random, isBinary) : Text(random);
        }

        return (types, masks, values);
    }

    private static byte[]? ValueOf(MySqlFieldType type, Random random, bool isBinary) =>
        random.Next(6) == 0 ? null : type is MySqlFieldType.Long ? Number(random, isBinary) : Text(random);

    private static byte[] Packet(byte[] payload, byte sequence)
    {
        var packet = new byte[MySqlFraming.HeaderLength + payload.Length];
        MySqlFraming.WriteLength(packet, payload.Length);
        packet[MySqlFraming.SequenceOffset] = sequence;
        payload.CopyTo(packet, MySqlFraming.HeaderLength);
        return packet;
    }

    private static async Task<byte[]> ForwardAsync(MySqlMaskPlan plan, MySqlFieldType[] types, bool isBinary, byte[] received)
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        var outbound = new Outbound(pipe.Writer);
        using var masking = new MySqlRowMasking();
        masking.Begin();
        outbound.Begin(received);
        for (var position = 0; MySqlFraming.TryReadHeader(received.AsSpan(position), out var length, out var sequence);)
        {
            var frame = new ReplyFrame(position, sequence, received.AsSpan(position + MySqlFraming.HeaderLength, length));
            Assert.That(masking.TryForward(frame, plan, types, isBinary, received, outbound), Is.True);
            position += MySqlFraming.HeaderLength + length;
        }

        await outbound.FlushAsync(CancellationToken.None);
        await pipe.Writer.CompleteAsync();
        return (await pipe.Reader.ReadAtLeastAsync(1 << 30)).Buffer.ToArray();
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

    private static byte[]? Masked(in MySqlColumnMask mask, MySqlFieldType type, bool isBinary, byte[]? value)
    {
        if (value is null) return null;
        if (mask.Kind is MaskKind.Show) return value;
        var masked = new byte[MySqlValueMasker.BytesMax];
        if (!MySqlValueMasker.TryMask(mask, value, masked, out var length) || length == MySqlValueMasker.Null) return null;
        return isBinary && type is MySqlFieldType.Long && length != sizeof(int) ? null : masked[..length];
    }

    private static byte[] Write(MySqlFieldType[] types, byte[]?[] values, bool isBinary)
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

            if (!isBinary || types[i] is not MySqlFieldType.Long)
                row.AddRange(prefix[..LengthEncoded.Write(prefix, value.Length)]);
            row.AddRange(value);
        }

        return [.. row];
    }
}
