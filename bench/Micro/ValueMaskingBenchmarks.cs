using System.Text;
using BenchmarkDotNet.Attributes;
using Proxy.Core.Catalogue;
using Proxy.Core.Masking;
using Proxy.Core.Masking.Copy;
using Proxy.Core.Masking.Postgres;
using Proxy.Core.Sql;
using Proxy.Protocols.Postgres.Copy;

namespace Proxy.Bench.Micro;

/// <summary>What a token or a generalised value costs by type, in text; and a row of COPY with a name, a date and a number masked.</summary>
[MemoryDiagnoser]
public class ValueMaskingBenchmarks
{
    private const int Values = 256;

    private readonly MaskingKeys _keys = new(new byte[MaskingKeys.MasterKeyBytesMin]);
    private readonly AgeLimit _ageLimit = new(TimeProvider.System);
    private readonly CopyRowBuffers _buffers = new();
    private readonly byte[] _destination = new byte[ValueMasker.ScalarBytesMax];
    private readonly byte[] _textRow = "100001\tGiven van der Family\t1975-05-17\tCardiology\tdischarged\n"u8.ToArray();
    private readonly byte[] _csvRow = "100001,\"Given, van der Family\",1975-05-17,Cardiology,discharged\n"u8.ToArray();
    private ColumnMask _mask;
    private byte[] _value = [];
    private CopyPlan _text = CopyPlan.Shown;
    private CopyPlan _csv = CopyPlan.Shown;

    [Params("token inet", "token macaddr", "token money", "token bit(64)", "token xml", "year date", "year timestamptz", "age int4", "zip text")]
    public string Mask { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        var (kind, type, modifier, value) = Mask switch
        {
            "token inet" => (MaskKind.Pseudonym, PostgresTypeOid.Inet, -1, "192.168.10.77"),
            "token macaddr" => (MaskKind.Pseudonym, PostgresTypeOid.Macaddr, -1, "08:00:2b:01:02:03"),
            "token money" => (MaskKind.Pseudonym, PostgresTypeOid.Money, -1, "$12,345.67"),
            "token bit(64)" => (MaskKind.Pseudonym, PostgresTypeOid.Bit, 64, new string('1', 64)),
            "token xml" => (MaskKind.Pseudonym, PostgresTypeOid.Xml, -1, "<note>seen on Monday</note>"),
            "year date" => (MaskKind.Year, PostgresTypeOid.Date, -1, "1975-05-17"),
            "year timestamptz" => (MaskKind.Year, PostgresTypeOid.TimestampTz, -1, "1975-05-17 10:11:12.5+01"),
            "age int4" => (MaskKind.Age, PostgresTypeOid.Int4, -1, "93"),
            _ => (MaskKind.ZipPrefix, PostgresTypeOid.Text, -1, "60614-1234"),
        };
        _mask = PostgresType.Mask(kind, type, modifier, isBinary: false, _keys.Domain("benchmark")) with { AgeLimit = _ageLimit };
        _value = Encoding.ASCII.GetBytes(value);
        _text = Plan(new CopyOptions { Format = CopyFormat.Text, Delimiter = (byte)'\t', Null = "\\N"u8.ToArray() });
        _csv = Plan(new CopyOptions { Format = CopyFormat.Csv, Delimiter = (byte)',', Null = ReadOnlyMemory<byte>.Empty });
    }

    [Benchmark(OperationsPerInvoke = Values)]
    public int Value()
    {
        var total = 0;
        for (var i = 0; i < Values; i++)
        {
            ValueMasker.TryMask(_mask, _value, _destination, out var length);
            total += length;
        }
        return total;
    }

    [Benchmark(OperationsPerInvoke = Values)]
    public int CopyTextRows()
    {
        for (var i = 0; i < Values; i++)
            CopyTextRow.TryMask(_text, _text.Masks, _textRow, isHeader: false, _buffers);
        return _buffers.Row.Length;
    }

    [Benchmark(OperationsPerInvoke = Values)]
    public int CopyCsvRows()
    {
        for (var i = 0; i < Values; i++)
            CopyCsvRow.TryMask(_csv, _csv.Masks, _csvRow, isHeader: false, _buffers);
        return _buffers.Row.Length;
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _buffers.Dispose();
        _keys.Dispose();
    }

    private CopyPlan Plan(CopyOptions options)
    {
        var domain = _keys.Domain("benchmark");
        return CopyPlan.TryCreate(
            [
                new CopyColumn(PostgresTypeOid.Int4, -1, MaskKind.Show), new CopyColumn(PostgresTypeOid.Text, -1, MaskKind.Pseudonym, domain),
                new CopyColumn(PostgresTypeOid.Date, -1, MaskKind.Year), new CopyColumn(PostgresTypeOid.Text, -1, MaskKind.Show),
                new CopyColumn(PostgresTypeOid.Text, -1, MaskKind.Redact),
            ],
            options, CatalogueTypes.None, _ageLimit)!;
    }
}
