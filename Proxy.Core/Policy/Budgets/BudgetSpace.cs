namespace Proxy.Core.Policy.Budgets;

/// <summary>How many codes all accounts together may remember: 12 bytes each. Thread-safe.</summary>
internal sealed class BudgetSpace(long slotsMax)
{
    private long _taken;

    public bool TryTake(int slots)
    {
        if (Interlocked.Add(ref _taken, slots) <= slotsMax)
            return true;
        Interlocked.Add(ref _taken, -slots);
        return false;
    }

    public void Return(int slots) => Interlocked.Add(ref _taken, -slots);
}
