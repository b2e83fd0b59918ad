using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;

namespace Proxy.Host.Metrics;

/// <summary>
/// Collects the instruments of one meter and writes them in Prometheus' text format (version 0.0.4). Adding to a counter or a histogram allocates
/// nothing and takes no lock once its label values were seen. Our own, because the usual exporter brings a web server into the process that has
/// inline completions.
/// </summary>
public sealed class PrometheusExporter : IDisposable
{
    private readonly ConcurrentDictionary<Instrument, InstrumentSeries> _instruments = new();
    private readonly MeterListener _listener = new();
    private readonly Lock _rendering = new();

    public PrometheusExporter(string meterName)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == meterName)
                listener.EnableMeasurementEvents(instrument, _instruments.GetOrAdd(instrument, InstrumentSeries.Of));
        };
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, series) => ((InstrumentSeries)series!).Record(value, tags));
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, series) => ((InstrumentSeries)series!).Record(value, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, series) => ((InstrumentSeries)series!).Record(value, tags));
        _listener.Start();
    }

    /// <summary>Everything as of now; observable instruments are asked.</summary>
    public string Render()
    {
        lock (_rendering)
        {
            _listener.RecordObservableInstruments();
            var text = new StringBuilder();
            foreach (var series in _instruments.Values.OrderBy(series => series.Name, StringComparer.Ordinal))
                series.Render(text);
            return text.ToString();
        }
    }

    public void Dispose() => _listener.Dispose();
}
