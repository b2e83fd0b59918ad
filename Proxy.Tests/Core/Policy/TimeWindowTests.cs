using NUnit.Framework;
using Proxy.Core.Policy;

namespace Proxy.Tests.Core.Policy;

public sealed class TimeWindowTests
{
    // 2026-03-02 is a Monday.
    [TestCase("2026-03-02T07:59:59Z", false)]
    [TestCase("2026-03-02T08:00:00Z", true)]
    [TestCase("2026-03-02T17:59:59Z", true)]
    [TestCase("2026-03-02T18:00:00Z", false)]
    [TestCase("2026-03-03T12:00:00Z", false)]
    public void Start_is_inside_and_end_is_not(string moment, bool inside)
    {
        var window = new TimeWindow { From = new(8, 0), To = new(18, 0), Zone = TimeZoneInfo.Utc, Days = [DayOfWeek.Monday] };

        Assert.That(window.Contains(DateTimeOffset.Parse(moment)), Is.EqualTo(inside));
    }

    [TestCase("2026-03-02T21:59:59Z", false)]
    [TestCase("2026-03-02T22:00:00Z", true)]
    [TestCase("2026-03-03T05:59:59Z", true)]
    [TestCase("2026-03-03T06:00:00Z", false)]
    [TestCase("2026-03-02T03:00:00Z", false)]
    public void Hours_after_midnight_belong_to_the_day_on_which_the_window_began(string moment, bool inside)
    {
        var window = new TimeWindow { From = new(22, 0), To = new(6, 0), Zone = TimeZoneInfo.Utc, Days = [DayOfWeek.Monday] };

        Assert.That(window.Contains(DateTimeOffset.Parse(moment)), Is.EqualTo(inside));
    }

    [Test]
    public void The_time_zone_moves_the_window()
    {
        var zone = TimeZoneInfo.CreateCustomTimeZone("east", TimeSpan.FromHours(9), null, null);
        var window = new TimeWindow { From = new(8, 0), To = new(18, 0), Zone = zone };

        Assert.That(window.Contains(DateTimeOffset.Parse("2026-03-01T23:30:00Z")));
        Assert.That(window.Contains(DateTimeOffset.Parse("2026-03-02T09:30:00Z")), Is.False);
    }
}
