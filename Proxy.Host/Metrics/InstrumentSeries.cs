using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Proxy.Host.Metrics;

/// <summary>One instrument with a series per set of label values seen. Labels must come in the same order each time.</summary>
internal sealed class InstrumentSeries
{
    // A label with unbounded values is a mistake in the code; it must not become a leak.
    private const int SeriesMax = 500;

    private static readonly double[] DefaultSeconds =
        [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

    private readonly Lock _growing = new();
    private readonly string _type;
    private readonly string _help;
    private readonly bool _isObservable;
    private readonly double[]? _boundaries;
    private MeasuredSeries[] _series = [];

    private InstrumentSeries(string name, string type, string help, bool isObservable, double[]? boundaries)
    {
        Name = name;
        _type = type;
        _help = help;
        _isObservable = isObservable;
        _boundaries = boundaries;
    }

    public string Name { get; }

    public static InstrumentSeries Of(Instrument instrument)
    {
        var kind = instrument.GetType().Name;
        var isHistogram = kind.StartsWith("Histogram", StringComparison.Ordinal);
        var isCounter = kind.StartsWith("Counter", StringComparison.Ordinal) || kind.StartsWith("ObservableCounter", StringComparison.Ordinal);
        var name = instrument.Name.Replace('.', '_').Replace('-', '_');
        if (isCounter && !name.EndsWith("_total", StringComparison.Ordinal))
            name += "_total";
        return new InstrumentSeries(
            name,
            isHistogram ? "histogram" : isCounter ? "counter" : "gauge",
            instrument.Description ?? "",
            instrument.IsObservable || kind.StartsWith("Gauge", StringComparison.Ordinal),
            isHistogram ? BoundariesOf(instrument) : null);
    }

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var series = Find(_series, tags) ?? Grow(tags);
        if (_isObservable)
            series?.Set(value);
        else
            series?.Add(value);
    }

    public void Render(StringBuilder text)
    {
        text.Append(CultureInfo.InvariantCulture, $"# HELP {Name} {_help.Replace("\n", " ", StringComparison.Ordinal)}\n# TYPE {Name} {_type}\n");
        foreach (var series in _series)
            series.Render(Name, text);
    }

    private static double[] BoundariesOf(Instrument instrument) => instrument switch
    {
        Histogram<double> { Advice.HistogramBucketBoundaries: { } boundaries } => [.. boundaries],
        Histogram<long> { Advice.HistogramBucketBoundaries: { } boundaries } => [.. boundaries.Select(boundary => (double)boundary)],
        Histogram<int> { Advice.HistogramBucketBoundaries: { } boundaries } => [.. boundaries.Select(boundary => (double)boundary)],
        _ => DefaultSeconds,
    };

    private static MeasuredSeries? Find(MeasuredSeries[] among, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var series in among)
        {
            if (series.Has(tags))
                return series;
        }
        return null;
    }

    private MeasuredSeries? Grow(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        lock (_growing)
        {
            if (Find(_series, tags) is { } existing)
                return existing;
            if (_series.Length >= SeriesMax)
                return null;
            var added = new MeasuredSeries(tags.ToArray(), _boundaries);
            Volatile.Write(ref _series, [.. _series, added]);
            return added;
        }
    }
}
