using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Proxy.Tests.Live.Tampering;

/// <summary>What the metric counted meanwhile, as "leg reason".</summary>
internal sealed class TlsIncidentCount : IDisposable
{
    private readonly MeterListener _listener = new();

    public TlsIncidentCount()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Name == "phigate_tls_failures_total")
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((_, _, tags, _) => Seen.Enqueue($"{tags[0].Value} {tags[1].Value}"));
        _listener.Start();
    }

    public ConcurrentQueue<string> Seen { get; } = new();

    public void Dispose() => _listener.Dispose();
}
