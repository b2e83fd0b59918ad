namespace Proxy.Core.Policy.Budgets;

/// <summary>
/// How much there was in each of the last minutes. What happened within a minute counts until the same minute of the next hour is over: for 60
/// minutes at least, 61 at most. Not thread-safe.
/// </summary>
internal sealed class SlidingHour
{
    public const int MinutesKept = 61;

    private readonly long[] _amounts = new long[MinutesKept];

    /// <summary>The newest minute that was asked about; a clock that goes back does not bring minutes back.</summary>
    public int Newest { get; private set; }

    public long Total { get; private set; }

    /// <summary>Lets go of what is too old. Minutes are counted from the epoch.</summary>
    public void Advance(int minute)
    {
        if (minute <= Newest)
            return;
        if (Total != 0 || Newest != 0)
            for (var passed = Math.Max(Newest + 1, minute - MinutesKept + 1); passed <= minute; passed++)
            {
                Total -= _amounts[passed % MinutesKept];
                _amounts[passed % MinutesKept] = 0;
            }
        Newest = minute;
    }

    public void Add(long amount)
    {
        _amounts[Newest % MinutesKept] += amount;
        Total += amount;
    }

    /// <summary>Something that was counted in an older minute is counted in the newest.</summary>
    public void Renew(int minute)
    {
        _amounts[minute % MinutesKept]--;
        _amounts[Newest % MinutesKept]++;
    }

    public bool Holds(int minute) => minute > Newest - MinutesKept && minute <= Newest;

    /// <summary>For a restart: puts back what an earlier minute had.</summary>
    public void Restore(int minute, long amount)
    {
        if (!Holds(minute) || amount <= 0)
            return;
        _amounts[minute % MinutesKept] += amount;
        Total += amount;
    }

    public IEnumerable<KeyValuePair<int, long>> Minutes()
    {
        for (var minute = Math.Max(0, Newest - MinutesKept + 1); minute <= Newest; minute++)
            if (_amounts[minute % MinutesKept] is > 0 and var amount)
                yield return new(minute, amount);
    }

    /// <summary>The minute with whose beginning the total will be under the limit, if nothing is added.</summary>
    public int FreeAt(long limit)
    {
        var left = Total;
        foreach (var (minute, amount) in Minutes())
        {
            left -= amount;
            if (left < limit)
                return minute + MinutesKept;
        }
        return Newest + MinutesKept;
    }
}
