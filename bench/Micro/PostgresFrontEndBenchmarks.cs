using System.Text;
using BenchmarkDotNet.Attributes;
using Proxy.Core.Sql;
using Proxy.Core.Sql.Postgres;

namespace Proxy.Bench.Micro;

/// <summary>
/// Reading a statement: from the cache, and anew. Agents write literals, so the miss is the normal case. Each miss has bytes of its own, and is
/// read on the calling thread as in the data plane (DOTNET_DefaultStackSize is 8 MB there, and main threads have as much).
/// </summary>
[MemoryDiagnoser]
public class PostgresFrontEndBenchmarks
{
    private const int DigitsAtEnd = 8;

    private static readonly byte[] Known = Encoding.UTF8.GetBytes("select name, dob from patients where id = $1");

    private PostgresFrontEnd _frontEnd = null!;
    private byte[] _short = null!;
    private byte[] _analytic = null!;
    private byte[] _long = null!;
    private int _counter;

    [GlobalSetup]
    public void Start()
    {
        _frontEnd = new PostgresFrontEnd(new PostgresFrontEndOptions
        {
            CallerStackBytes = 8 * 1024 * 1024,
            InlineTextBytesMax = 256 * 1024,
            Deadline = TimeSpan.FromSeconds(10),
        });
        _short = WithDigits("select name, dob from patients where id = ");
        _analytic = WithDigits(AnalyticStatement.Text + " and v.id <> ");
        _long = WithDigits($"select id from visits where id in ({string.Join(',', Enumerable.Range(100_000, 14_600))}) and id <> ");
        Analyse(Known);
        Analyse(Known);
    }

    [GlobalCleanup]
    public void End() => _frontEnd.Dispose();

    [Benchmark(Description = "hit")]
    public StatementAnalysis Hit() => Analyse(Known);

    [Benchmark(Description = "miss, 50 bytes")]
    public StatementAnalysis ShortMiss() => AnalyseAnew(_short);

    [Benchmark(Description = "miss, 2 KB analytic")]
    public StatementAnalysis AnalyticMiss() => AnalyseAnew(_analytic);

    [Benchmark(Description = "miss, 100 KB list")]
    public StatementAnalysis LongMiss() => AnalyseAnew(_long);

    private static byte[] WithDigits(string text) => Encoding.UTF8.GetBytes(text + new string('0', DigitsAtEnd));

    private StatementAnalysis AnalyseAnew(byte[] text)
    {
        int rest = ++_counter;
        for (int i = 1; i <= DigitsAtEnd; i++, rest /= 10) text[^i] = (byte)('0' + (rest % 10));
        return Analyse(text);
    }

    private StatementAnalysis Analyse(byte[] text) =>
        _frontEnd.TryAnalyse(text, out StatementAnalysis analysis) && analysis.Status == AnalysisStatus.Read
            ? analysis
            : throw new InvalidOperationException($"Not read: {analysis?.Reason}.");
}
