namespace Proxy.Core.Masking;

/// <summary>
/// The year of birth from which on nobody is older than 89 (45 CFR 164.514(b)(2)(i)(C): dates that tell an age over 89 are one category).
/// Plans live long and years end, so the limit is asked per value, and looks at the clock once a second at most. Thread-safe.
/// </summary>
public sealed class AgeLimit(TimeProvider time)
{
    private const int AgeMax = 89;

    /// <summary>Where the year begins first: a time zone 14 hours ahead of UTC.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromHours(14);

    private readonly long _second = time.TimestampFrequency;
    private long _lookedAt = long.MinValue;
    private int _year;

    /// <summary>
    /// The year that stands for itself and for every year before it: whoever was born in it turns 90 this year or did before.
    /// </summary>
    public int OldestYear
    {
        get
        {
            var now = time.GetTimestamp();
            if (Volatile.Read(ref _lookedAt) is var lookedAt && (lookedAt == long.MinValue || now - lookedAt > _second))
            {
                Volatile.Write(ref _year, time.GetUtcNow().Add(Ahead).Year - (AgeMax + 1));
                Volatile.Write(ref _lookedAt, now);
            }
            return Volatile.Read(ref _year);
        }
    }

    public override string ToString() => nameof(AgeLimit);
}
