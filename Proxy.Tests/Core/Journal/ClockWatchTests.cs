using NUnit.Framework;
using Proxy.Core.Journal;
using Proxy.Core.Journal.Records;

namespace Proxy.Tests.Core.Journal;

/// <summary>The clock is set: the journal says so, and says nothing when time only passes.</summary>
public sealed class ClockWatchTests
{
    [TestCase(0)]
    [TestCase(499)]
    [TestCase(-499)]
    public async Task Time_that_passes_is_no_step(int milliseconds) => Assert.That(await StepsAfterAsync(milliseconds), Is.Empty);

    [TestCase(500)]
    [TestCase(-500)]
    [TestCase(3_600_000)]
    public async Task A_step_is_recorded_once_with_both_times(int milliseconds)
    {
        var step = (await StepsAfterAsync(milliseconds)).Single();
        Assert.That((step.Actual - step.Expected).TotalMilliseconds, Is.EqualTo(milliseconds));
    }

    private static async Task<List<DecodedClockStepped>> StepsAfterAsync(int milliseconds)
    {
        using var directory = new JournalDirectory();
        var clock = new SettableClock();
        await using (var journal = await directory.OpenAsync())
        using (new ClockWatch(journal, clock))
        {
            clock.Pass(TimeSpan.FromSeconds(1));
            clock.Pass(TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(milliseconds));
            clock.Pass(TimeSpan.FromSeconds(1));
        }

        return [.. directory.ReadAll().Entries.Select(entry => RecordDecoder.Decode(entry)).OfType<DecodedClockStepped>()];
    }

    private sealed class SettableClock : TimeProvider
    {
        private readonly List<Action> _timers = [];
        private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        private long _timestamp;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => _now;

        public override long GetTimestamp() => _timestamp;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _timers.Add(() => callback(state));
            return new Timer(static _ => { }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        /// <summary>Time passes, the clock is set by so much meanwhile, and the timers fire.</summary>
        public void Pass(TimeSpan time, TimeSpan step = default)
        {
            _now += time + step;
            _timestamp += time.Ticks;
            foreach (var timer in _timers)
                timer();
        }
    }
}
