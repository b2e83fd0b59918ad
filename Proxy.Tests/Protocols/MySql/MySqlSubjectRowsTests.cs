using System.Globalization;
using System.Text;
using NUnit.Framework;
using Proxy.Core.Journal;
using Proxy.Core.Journal.Subjects;
using Proxy.Core.Masking;
using Proxy.Core.Masking.MySql;
using Proxy.Protocols.MySql;
using Proxy.Protocols.MySql.Messages;

namespace Proxy.Tests.Protocols.MySql;

/// <summary>Whose rows an answer holds, found several rows at a time, against one by one.</summary>
public sealed class MySqlSubjectRowsTests
{
    private static readonly MySqlFieldType[] Types =
        [MySqlFieldType.Tiny, MySqlFieldType.Short, MySqlFieldType.Long, MySqlFieldType.LongLong, MySqlFieldType.NewDecimal, MySqlFieldType.VarString, MySqlFieldType.Date];

    [Test]
    public void The_codes_of_a_run_are_those_of_its_rows([Values] bool isBinary)
    {
        var random = new Random(1);
        using var coder = new SubjectCoder(new byte[SubjectCoder.KeyBytes]);
        for (var i = 0; i < 500; i++)
        {
            var columns = Enumerable.Range(0, random.Next(1, 6)).Select(_ => Column(random, isBinary)).ToArray();
            var plan = Plan(random, columns);
            var shape = new MySqlRowShape(plan, columns, isBinary);
            var rows = Enumerable.Range(0, random.Next(1, RowRun.RowsMax + 1)).Select(_ => Row(random, columns, isBinary)).ToArray();
            byte[] received = [.. rows.SelectMany(static (row, number) => (byte[])[(byte)row.Length, (byte)(row.Length >> 8), 0, (byte)number, .. row])];

            var (together, alone) = (new SubjectCollector(coder, 1_000), new SubjectCollector(coder, 1_000));
            var run = new RowRun();
            run.Find(received, 0, shape, sequence: 0, deprecatesEof: true, RowRun.RowsMax);
            Assert.That(run.Count, Is.EqualTo(rows.Length));
            new MySqlSubjectRows(together).Take(shape, run, received);
            foreach (var row in rows)
                new MySqlSubjectRows(alone).Take(plan.Subjects, columns, isBinary, row);

            Assert.That(Records(together), Is.EqualTo(Records(alone)), () => string.Join(", ", columns));
        }
    }

    [Test]
    public void Zeros_in_front_of_a_number_are_nobodys()
    {
        using var coder = new SubjectCoder(new byte[SubjectCoder.KeyBytes]);
        MySqlResultColumn[] columns = [new("", "", "", MySqlFieldType.Long, 0, 0, 0, 0, IsBinary: false)];
        var shape = new MySqlRowShape(Plan(new Random(1), columns), columns, isBinary: false);
        byte[] received = [5, 0, 0, 0, 4, .. "0017"u8, 3, 0, 0, 1, 2, .. "17"u8, 4, 0, 0, 2, 3, .. "000"u8, 2, 0, 0, 3, 1, .. "0"u8];
        var collector = new SubjectCollector(coder, 10);
        var run = new RowRun();
        run.Find(received, 0, shape, sequence: 0, deprecatesEof: true, RowRun.RowsMax);
        new MySqlSubjectRows(collector).Take(shape, run, received);
        var record = Records(collector).Single();
        Assert.That(record[^(2 * SubjectCoder.CodeBytes)..], Is.EqualTo(BitConverter.GetBytes(coder.CodeOf("kind 0", "17")).Concat(BitConverter.GetBytes(coder.CodeOf("kind 0", "0")))));
    }

    /// <summary>Each column is a kind of its own, so that its codes come in the order of the rows.</summary>
    private static MySqlMaskPlan Plan(Random random, MySqlResultColumn[] columns)
    {
        var kinds = columns.Select((_, i) => i == 0 || random.Next(2) == 0 ? $"kind {i}" : null).ToArray();
        var types = columns.Select(column => default(ColumnMask) with { Type = column.CanBeKey ? MaskType.Text : MaskType.Unknown }).ToArray();
        return new MySqlMaskPlan([.. columns.Select(static _ => default(MySqlColumnMask))]) { Subjects = SubjectPlan.TryCreate(kinds, types) };
    }

    private static MySqlResultColumn Column(Random random, bool isBinary) =>
        new("", "", "", Types[random.Next(Types.Length - (random.Next(4) == 0 ? 0 : 1))], (ushort)(random.Next(2) * 0x20), 0, 0, 0, isBinary);

    private static byte[] Row(Random random, MySqlResultColumn[] columns, bool isBinary)
    {
        var row = new List<byte>(isBinary ? new byte[1 + ((columns.Length + 9) / 8)] : []);
        for (var i = 0; i < columns.Length; i++)
        {
            var isNull = random.Next(5) == 0;
            if (isNull && isBinary) row[1 + ((i + 2) / 8)] |= (byte)(1 << ((i + 2) % 8));
            else if (isNull) row.Add(ReplyCode.Null);
            else row.AddRange(Value(random, columns[i].Type, isBinary));
        }

        return [.. row];
    }

    private static byte[] Value(Random random, MySqlFieldType type, bool isBinary)
    {
        var bytes = new byte[isBinary && BinaryValue.FixedLength(type) is >= 0 and var width ? width : type is MySqlFieldType.Date ? 4 : random.Next(20)];
        random.NextBytes(bytes);
        if (isBinary) return BinaryValue.FixedLength(type) >= 0 ? bytes : [(byte)bytes.Length, .. bytes];
        if (type is not MySqlFieldType.VarString) bytes = Encoding.ASCII.GetBytes(random.Next(100).ToString(random.Next(2) == 0 ? "D5" : "D", CultureInfo.InvariantCulture));
        return [(byte)bytes.Length, .. bytes];
    }

    private static List<byte[]> Records(SubjectCollector collector)
    {
        var journal = new Journal();
        Assert.That(collector.Conclude(journal, Guid.Empty, statement: 1));
        return journal.Records;
    }

    private sealed class Journal : IJournal
    {
        public List<byte[]> Records { get; } = [];

        public bool TryAppend<TRecord>(scoped in TRecord record, out long number) where TRecord : IJournalRecord, allows ref struct
        {
            number = 1;
            var body = new byte[record.Measure()];
            record.Write(body);
            Records.Add(body);
            return true;
        }
    }
}
