using System.Collections.Immutable;

namespace Proxy.Core.Policy.Budgets;

/// <summary>An account as it outlives the process: for each kind, amounts by the minute (counted from the epoch). Holds numbers only.</summary>
public sealed record BudgetState
{
    public ImmutableArray<KeyValuePair<int, long>> PhiRows { get; init; } = [];
    public ImmutableArray<KeyValuePair<int, long>> PhiLiterals { get; init; } = [];
    public ImmutableArray<KeyValuePair<int, long>> Bytes { get; init; } = [];
    public ImmutableArray<KeyValuePair<int, long>> Refusals { get; init; } = [];

    public bool IsEmpty => PhiRows.IsEmpty && PhiLiterals.IsEmpty && Bytes.IsEmpty && Refusals.IsEmpty;
}
