using System.Numerics;

namespace Proxy.Core.Policy.Budgets;

/// <summary>
/// Which codes there were in the last hour, each counted once and from its last time on; an open-addressed table that grows with what is live and
/// forgets what is old when it is rebuilt. Adding allocates only when the table has to be rebuilt. Not thread-safe.
/// </summary>
internal sealed class DistinctHour(BudgetSpace space)
{
    private const int SlotsMin = 64;

    private ulong[] _codes = [];
    private int[] _minutes = [];
    private int _used;

    public SlidingHour Hour { get; } = new();

    /// <summary>False when the limit is reached, or there is no room to remember the code by: it does not count then, and must not happen.</summary>
    public bool TryAdd(ulong code, int minute, long limit)
    {
        Hour.Advance(minute);
        var slot = _codes.Length > 0 ? Find(code) : 0;
        if (_codes.Length > 0 && _minutes[slot] != 0 && Hour.Holds(_minutes[slot]))
        {
            if (_minutes[slot] != Hour.Newest)
                Hour.Renew(_minutes[slot]);
            _minutes[slot] = Hour.Newest;
            return true;
        }
        if (Hour.Total >= limit)
            return false;
        if (_used >= _codes.Length - (_codes.Length / 4))
        {
            if (!TryRebuild())
                return false;
            slot = Find(code);
        }
        if (_minutes[slot] == 0)
            _used++;
        _codes[slot] = code;
        _minutes[slot] = Hour.Newest;
        Hour.Add(1);
        return true;
    }

    public bool Contains(ulong code) =>
        _codes.Length > 0 && Find(code) is var slot && _minutes[slot] != 0 && Hour.Holds(_minutes[slot]);

    /// <summary>Something that has no code and counts every time.</summary>
    public bool TryAddUnknown(long count, int minute, long limit)
    {
        Hour.Advance(minute);
        if (Hour.Total + count > limit)
            return false;
        Hour.Add(count);
        return true;
    }

    /// <summary>Gives the table's room back.</summary>
    public void Release()
    {
        space.Return(_codes.Length);
        _codes = [];
        _minutes = [];
        _used = 0;
    }

    private int Find(ulong code)
    {
        var mask = _codes.Length - 1;
        // The codes are pseudo-random: any bits of them spread.
        for (var slot = (int)code & mask; ; slot = (slot + 1) & mask)
            if (_minutes[slot] == 0 || _codes[slot] == code)
                return slot;
    }

    private bool TryRebuild()
    {
        var live = 0;
        for (var i = 0; i < _minutes.Length; i++)
            if (_minutes[i] != 0 && Hour.Holds(_minutes[i]))
                live++;
        var size = (int)Math.Min(1u << 30, BitOperations.RoundUpToPowerOf2((uint)Math.Max(SlotsMin, (live * 2) + 1)));
        if (size > _codes.Length && !space.TryTake(size - _codes.Length))
        {
            if (live >= _codes.Length - (_codes.Length / 4) || _codes.Length == 0)
                return false;
            size = _codes.Length;
        }
        else if (size < _codes.Length)
        {
            space.Return(_codes.Length - size);
        }
        var (codes, minutes) = (_codes, _minutes);
        (_codes, _minutes, _used) = (new ulong[size], new int[size], live);
        for (var i = 0; i < minutes.Length; i++)
        {
            if (minutes[i] == 0 || !Hour.Holds(minutes[i]))
                continue;
            var slot = Find(codes[i]);
            (_codes[slot], _minutes[slot]) = (codes[i], minutes[i]);
        }
        return true;
    }
}
