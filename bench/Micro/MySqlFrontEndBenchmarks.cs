using System.Text;
using BenchmarkDotNet.Attributes;
using Proxy.Core.Sql;
using Proxy.Core.Sql.MySql;

namespace Proxy.Bench.Micro;

/// <summary>Reading a statement of MySQL: from the cache, and anew with bytes of its own, on the calling thread.</summary>
[MemoryDiagnoser]
public class MySqlFrontEndBenchmarks
{
    private const int DigitsAtEnd = 8;

    private static readonly byte[] Known = Encoding.UTF8.GetBytes("select name, dob from patients where id = ?");

    private ISqlFrontEnd _frontEnd = null!;
    private byte[] _short = null!;
    private byte[] _analytic = null!;
    private byte[] _long = null!;
    private byte[] _longer = null!;
    private int _counter;

    [GlobalSetup]
    public void Start()
    {
        _frontEnd = new MySqlFrontEnd(new MySqlFrontEndOptions { InlineTextBytesMax = 1024 * 1024 }).For(new MySqlReadSettings(MySqlFlavour.MariaDb, 101119, MySqlModes.None));
        _short = WithDigits("select name, dob from patients where id = ");
        _analytic = WithDigits(AnalyticStatement.MySqlText + " and v.id <> ");
        _long = WithDigits($"select id from visits where id in ({string.Join(',', Enumerable.Range(100_000, 14_600))}) and id <> ");
        _longer = WithDigits($"select id from visits where id in ({string.Join(',', Enumerable.Range(100_000, 58_400))}) and id <> ");
        Analyse(Known);
        Analyse(Known);
    }

    [Benchmark(Description = "MySQL hit")]
    public StatementAnalysis Hit() => Analyse(Known);

    [Benchmark(Description = "MySQL miss, 50 bytes")]
    public StatementAnalysis ShortMiss() => AnalyseAnew(_short);

    [Benchmark(Description = "MySQL miss, 2 KB analytic")]
    public StatementAnalysis AnalyticMiss() => AnalyseAnew(_analytic);

    [Benchmark(Description = "MySQL miss, 100 KB list")]
    public StatementAnalysis LongMiss() => AnalyseAnew(_long);

    [Benchmark(Description = "MySQL miss, 400 KB list")]
    public StatementAnalysis LongerMiss() => AnalyseAnew(_longer);

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
