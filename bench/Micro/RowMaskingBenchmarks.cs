using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using BenchmarkDotNet.Attributes;
using Proxy.Core.Masking;
using Proxy.Core.Masking.Postgres;
using Proxy.Protocols.Buffers;
using Proxy.Protocols.Postgres;

namespace Proxy.Bench.Micro;

/// <summary>
/// What masking costs per row: 256 rows of five columns (id, name, birth date, ward, status) lie in one buffer, as a receive leaves them, and are
/// masked in place into one run. Every invocation first copies the buffer, so subtract <see cref="Copied"/>. Times and bytes are per row.
/// </summary>
[MemoryDiagnoser]
public class RowMaskingBenchmarks
{
    private const int Rows = 256;

    private readonly MaskingKeys _keys = new(new byte[MaskingKeys.MasterKeyBytesMin]);
    private readonly RowScratch _scratch = new();
    private readonly int[] _lengths = new int[Rows];
    private byte[] _received = [];
    private byte[] _buffer = [];
    private MaskPlan _redacted = MaskPlan.Everything;
    private MaskPlan _redactedLast = MaskPlan.Everything;
    private MaskPlan _tokens = MaskPlan.Everything;
    private MaskPlan _tokenText = MaskPlan.Everything;
    private MaskPlan _tokenDate = MaskPlan.Everything;
    private MaskPlan _tokenId = MaskPlan.Everything;
    private MaskPlan _shown = MaskPlan.Everything;

    [GlobalSetup]
    public void Setup()
    {
        var received = new MemoryStream();
        for (var i = 0; i < Rows; i++)
        {
            var row = Row(
                (100_000 + i).ToString(CultureInfo.InvariantCulture),
                $"Given{i:000} van der Family{i:000}",
                $"19{i % 100:00}-03-{(i % 28) + 1:00}",
                "Cardiology",
                "discharged");
            _lengths[i] = row.Length;
            received.Write(row);
        }
        _received = received.ToArray();
        _buffer = new byte[_received.Length];
        _redacted = Plan(MaskKind.Redact, MaskKind.Redact, MaskKind.Show);
        _redactedLast = new MaskPlan(
        [
            ColumnMask.Shown, ColumnMask.Shown, ColumnMask.Shown,
            Mask(MaskKind.Redact, PostgresTypeOid.Text), Mask(MaskKind.Redact, PostgresTypeOid.Text),
        ]);
        _tokens = Plan(MaskKind.Pseudonym, MaskKind.Pseudonym, MaskKind.Show);
        _tokenText = Plan(MaskKind.Pseudonym, MaskKind.Show, MaskKind.Show);
        _tokenDate = Plan(MaskKind.Show, MaskKind.Pseudonym, MaskKind.Show);
        _tokenId = Plan(MaskKind.Show, MaskKind.Show, MaskKind.Pseudonym);
        _shown = Plan(MaskKind.Show, MaskKind.Show, MaskKind.Show);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Rows)]
    public int Copied()
    {
        _received.CopyTo(_buffer, 0);
        return _buffer[0];
    }

    [Benchmark(OperationsPerInvoke = Rows)]
    public int Shown() => Mask(_shown);

    [Benchmark(OperationsPerInvoke = Rows)]
    public int NameAndDateRedacted() => Mask(_redacted);

    [Benchmark(OperationsPerInvoke = Rows)]
    public int LastTwoRedacted() => Mask(_redactedLast);

    [Benchmark(OperationsPerInvoke = Rows)]
    public int NameAndDatePseudonymous() => Mask(_tokens);

    [Benchmark(OperationsPerInvoke = Rows)]
    public int NamePseudonymous() => Mask(_tokenText);

    [Benchmark(OperationsPerInvoke = Rows)]
    public int DatePseudonymous() => Mask(_tokenDate);

    [Benchmark(OperationsPerInvoke = Rows)]
    public int IdPseudonymous() => Mask(_tokenId);

    [Benchmark(OperationsPerInvoke = Rows)]
    public int EverythingToNull() => Mask(MaskPlan.Everything);

    [GlobalCleanup]
    public void Cleanup()
    {
        _scratch.Dispose();
        _keys.Dispose();
    }

    private int Mask(MaskPlan plan)
    {
        _received.CopyTo(_buffer, 0);
        var buffer = _buffer.AsSpan();
        var read = 0;
        var written = 0;
        foreach (var length in _lengths)
        {
            var outcome = DataRowMasker.Mask(plan, buffer[written..(read + length)], read - written, _scratch, out var masked);
            if (outcome == RowOutcome.Malformed)
                throw new InvalidOperationException("A row of the benchmark is malformed.");
            read += length;
            written = outcome == RowOutcome.InPlace ? written + masked : read;
        }
        return written;
    }

    private MaskPlan Plan(MaskKind name, MaskKind birthDate, MaskKind id) => new(
    [
        Mask(id, PostgresTypeOid.Int4), Mask(name, PostgresTypeOid.Text), Mask(birthDate, PostgresTypeOid.Date),
        ColumnMask.Shown, ColumnMask.Shown,
    ]);

    private ColumnMask Mask(MaskKind kind, uint typeOid) =>
        PostgresType.Mask(kind, typeOid, modifier: -1, isBinary: false, _keys.Domain("benchmark"));

    private static byte[] Row(params string[] values)
    {
        var row = new byte[sizeof(short) + values.Sum(value => sizeof(int) + value.Length)];
        BinaryPrimitives.WriteInt16BigEndian(row, (short)values.Length);
        var at = sizeof(short);
        foreach (var value in values)
        {
            BinaryPrimitives.WriteInt32BigEndian(row.AsSpan(at), value.Length);
            at += sizeof(int) + Encoding.ASCII.GetBytes(value, row.AsSpan(at + sizeof(int)));
        }
        return row;
    }
}
