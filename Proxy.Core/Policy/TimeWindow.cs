using System.Collections.Immutable;

namespace Proxy.Core.Policy;

/// <summary>
/// A window of the day in a named time zone. <see cref="From"/> is inside, <see cref="To"/> is not; a window whose end is not after its start
/// goes over midnight, and its hours after midnight belong to the day on which it began.
/// </summary>
public sealed record TimeWindow
{
    public required TimeOnly From { get; init; }
    public required TimeOnly To { get; init; }
    public required TimeZoneInfo Zone { get; init; }

    /// <summary>Days on which the window begins; empty means every day.</summary>
    public ImmutableArray<DayOfWeek> Days { get; init; } = [];

    public bool Contains(DateTimeOffset moment)
    {
        var local = TimeZoneInfo.ConvertTime(moment, Zone);
        var time = TimeOnly.FromTimeSpan(local.TimeOfDay);
        if (From < To)
            return time >= From && time < To && IsDay(local.DayOfWeek);
        if (time >= From)
            return IsDay(local.DayOfWeek);
        return time < To && IsDay(local.AddDays(-1).DayOfWeek);
    }

    private bool IsDay(DayOfWeek day) => Days.IsEmpty || Days.Contains(day);
}
