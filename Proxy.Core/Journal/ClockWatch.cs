using Proxy.Core.Journal.Records;

namespace Proxy.Core.Journal;

/// <summary>
/// Compares the machine's clock with one that nobody sets, and records when it was set: so that a reader of the journal knows which times can be
/// compared. A clock that is only drawn slowly to the right time (slewed) does not step.
/// </summary>
public sealed class ClockWatch : IDisposable
{
    /// <summary>What counts as a step. Slewing changes a second by less than a millisecond (adjtimex(2): 500 ppm).</summary>
    public static readonly TimeSpan Threshold = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly IJournal _journal;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private DateTimeOffset _clock;
    private long _timestamp;

    public ClockWatch(IJournal journal, TimeProvider time)
    {
        _journal = journal;
        _time = time;
        (_clock, _timestamp) = (time.GetUtcNow(), time.GetTimestamp());
        _timer = time.CreateTimer(static watch => ((ClockWatch)watch!).Look(), this, Interval, Interval);
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        lock (_gate)
        {
            (DateTimeOffset clock, long timestamp) = (_time.GetUtcNow(), _time.GetTimestamp());
            DateTimeOffset expected = _clock + _time.GetElapsedTime(_timestamp, timestamp);
            if ((clock - expected).Duration() >= Threshold && !TryRecord(expected, clock))
                return; // The next look finds the same step.
            (_clock, _timestamp) = (clock, timestamp);
        }
    }

    private bool TryRecord(DateTimeOffset expected, DateTimeOffset actual)
    {
        var record = new ClockSteppedRecord { Expected = expected, Actual = actual };
        return _journal.TryAppend(in record, out _);
    }
}
