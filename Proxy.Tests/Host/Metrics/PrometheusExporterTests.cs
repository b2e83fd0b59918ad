using System.Diagnostics.Metrics;
using NUnit.Framework;
using Proxy.Host.Metrics;

namespace Proxy.Tests.Host.Metrics;

public sealed class PrometheusExporterTests
{
    private Meter _meter = null!;
    private PrometheusExporter _exporter = null!;

    [SetUp]
    public void Open()
    {
        _meter = new Meter($"test-{Guid.NewGuid()}");
        _exporter = new PrometheusExporter(_meter.Name);
    }

    [TearDown]
    public void Close()
    {
        _exporter.Dispose();
        _meter.Dispose();
    }

    [Test]
    public void Counters_add_up_per_label_values()
    {
        var counter = _meter.CreateCounter<long>("statements", description: "Statements by verdict");
        counter.Add(2, new KeyValuePair<string, object?>("verdict", "allow"));
        counter.Add(3, new KeyValuePair<string, object?>("verdict", "allow"));
        counter.Add(1, new KeyValuePair<string, object?>("verdict", "re\"fuse"));
        Assert.That(_exporter.Render(), Is.EqualTo(
            "# HELP statements_total Statements by verdict\n# TYPE statements_total counter\n"
            + "statements_total{verdict=\"allow\"} 5\nstatements_total{verdict=\"re\\\"fuse\"} 1\n"));
    }

    [Test]
    public void Gauges_are_asked_when_rendered()
    {
        var now = 1;
        _meter.CreateObservableGauge("sessions", () => now);
        Assert.That(_exporter.Render(), Does.Contain("\nsessions 1\n"));
        now = 7;
        Assert.That(_exporter.Render(), Does.Contain("\nsessions 7\n"));
    }

    [Test]
    public void Up_down_counters_are_gauges_that_add()
    {
        var open = _meter.CreateUpDownCounter<long>("open");
        open.Add(5);
        open.Add(-2);
        Assert.That(_exporter.Render(), Does.Contain("# TYPE open gauge\nopen 3\n"));
    }

    [Test]
    public void Histograms_are_cumulative_over_their_own_boundaries()
    {
        var histogram = _meter.CreateHistogram(
            "seconds", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1] });
        foreach (var value in new[] { 0.05, 0.1, 0.5, 4 })
            histogram.Record(value);
        Assert.That(_exporter.Render(), Does.EndWith(
            "seconds_bucket{le=\"0.1\"} 2\nseconds_bucket{le=\"1\"} 3\nseconds_bucket{le=\"+Inf\"} 4\nseconds_sum 4.65\nseconds_count 4\n"));
    }

    [Test]
    public void Other_meters_are_none_of_its_business()
    {
        using var other = new Meter($"other-{Guid.NewGuid()}");
        other.CreateCounter<long>("foreign").Add(1);
        Assert.That(_exporter.Render(), Is.Empty);
    }

    [Test]
    public void Adding_allocates_nothing()
    {
        var counter = _meter.CreateCounter<long>("statements");
        var histogram = _meter.CreateHistogram<double>("seconds");
        void AddAll()
        {
            for (var i = 0; i < 10_000; i++)
            {
                counter.Add(1, new KeyValuePair<string, object?>("verdict", "allow"));
                histogram.Record(0.01);
            }
        }
        AddAll();
        var before = GC.GetAllocatedBytesForCurrentThread();
        AddAll();
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(10_000));
    }

    [Test]
    public void Threads_lose_no_count()
    {
        var counter = _meter.CreateCounter<long>("statements");
        Parallel.For(0, 100_000, _ => counter.Add(1));
        Assert.That(_exporter.Render(), Does.Contain("statements_total 100000\n"));
    }
}
