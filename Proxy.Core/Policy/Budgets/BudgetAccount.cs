using System.Collections.Immutable;

namespace Proxy.Core.Policy.Budgets;

/// <summary>
/// What one identity has used up on one target in the last hour, over all of its sessions. Limits come with each question, because they are the
/// newest policy's. Thread-safe; nothing here waits.
/// </summary>
public sealed class BudgetAccount
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly DistinctHour _rows;
    private readonly DistinctHour _literals;
    private readonly SlidingHour _bytes = new();
    private readonly SlidingHour _refusals = new();

    internal BudgetAccount(string name, TimeProvider time, BudgetSpace space)
    {
        Name = name;
        _time = time;
        _rows = new DistinctHour(space);
        _literals = new DistinctHour(space);
    }

    /// <summary>A digest of whose it is.</summary>
    public string Name { get; }

    /// <summary>When a session last asked the book for it, in minutes.</summary>
    internal int AskedAt { get; set; }

    /// <summary>Whether the book has let go of it: whoever holds it asks for a new one.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Whether the row may be shown; then it is counted, unless it was within the last hour.</summary>
    public bool TryShow(ulong code, long limit)
    {
        using var scope = _gate.EnterScope();
        return _rows.TryAdd(code, Now(), limit);
    }

    /// <summary>Whether rows that have no code may be shown.</summary>
    public bool TryShowUnknown(long rows, long limit)
    {
        using var scope = _gate.EnterScope();
        return _rows.TryAddUnknown(rows, Now(), limit);
    }

    /// <summary>Whether PHI may be compared with these values: with all of them or with none.</summary>
    public bool TryCompare(ReadOnlySpan<ulong> codes, long limit)
    {
        using var scope = _gate.EnterScope();
        var now = Now();
        _literals.Hour.Advance(now);
        var unknown = 0;
        foreach (var code in codes)
            if (!_literals.Contains(code))
                unknown++;
        if (unknown > 0 && _literals.Hour.Total + unknown > limit)
            return false;
        foreach (var code in codes)
            if (!_literals.TryAdd(code, now, long.MaxValue))
                return false;
        return true;
    }

    /// <summary>Counts bytes that are about to be sent; false when that is more than the limit.</summary>
    public bool TrySend(long bytes, long limit)
    {
        using var scope = _gate.EnterScope();
        _bytes.Advance(Now());
        _bytes.Add(bytes);
        return _bytes.Total <= limit;
    }

    public void CountRefusal()
    {
        using var scope = _gate.EnterScope();
        _refusals.Advance(Now());
        _refusals.Add(1);
    }

    public long Used(BudgetKind kind)
    {
        using var scope = _gate.EnterScope();
        var hour = HourOf(kind);
        hour.Advance(Now());
        return hour.Total;
    }

    /// <summary>When there will be room again, if nothing more is used.</summary>
    public DateTimeOffset FreeAt(BudgetKind kind, long limit)
    {
        using var scope = _gate.EnterScope();
        var hour = HourOf(kind);
        hour.Advance(Now());
        return DateTimeOffset.UnixEpoch.AddMinutes(hour.FreeAt(limit));
    }

    /// <summary>How much there was in each minute: all that outlives the process. Which rows and values it was is forgotten.</summary>
    public BudgetState Save()
    {
        using var scope = _gate.EnterScope();
        var now = Now();
        foreach (var kind in Enum.GetValues<BudgetKind>())
            HourOf(kind).Advance(now);
        return new BudgetState
        {
            PhiRows = [.. _rows.Hour.Minutes()],
            PhiLiterals = [.. _literals.Hour.Minutes()],
            Bytes = [.. _bytes.Minutes()],
            Refusals = [.. _refusals.Minutes()],
        };
    }

    internal void Restore(BudgetState state)
    {
        using var scope = _gate.EnterScope();
        Put(BudgetKind.PhiRows, state.PhiRows);
        Put(BudgetKind.PhiLiterals, state.PhiLiterals);
        Put(BudgetKind.Bytes, state.Bytes);
        Put(BudgetKind.Refusals, state.Refusals);

        void Put(BudgetKind kind, ImmutableArray<KeyValuePair<int, long>> minutes)
        {
            var hour = HourOf(kind);
            hour.Advance(Now());
            foreach (var (minute, amount) in minutes)
                // A clock that went back must not make what was used look old.
                hour.Restore(Math.Min(minute, hour.Newest), amount);
        }
    }

    /// <summary>Gives its room back unless something in it still counts.</summary>
    internal bool TryClose()
    {
        using var scope = _gate.EnterScope();
        var now = Now();
        foreach (var kind in Enum.GetValues<BudgetKind>())
        {
            HourOf(kind).Advance(now);
            if (HourOf(kind).Total > 0)
                return false;
        }
        _rows.Release();
        _literals.Release();
        return IsClosed = true;
    }

    public override string ToString() => $"budget account {Name}";

    private int Now() => (int)(_time.GetUtcNow().ToUnixTimeSeconds() / 60);

    private SlidingHour HourOf(BudgetKind kind) => kind switch
    {
        BudgetKind.PhiRows => _rows.Hour,
        BudgetKind.PhiLiterals => _literals.Hour,
        BudgetKind.Bytes => _bytes,
        _ => _refusals,
    };
}
