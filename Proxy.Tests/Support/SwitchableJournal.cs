using Proxy.Core.Journal;

namespace Proxy.Tests.Support;

/// <summary>A journal that a test can make refuse every record, as a full disk does, or lose those it took, as a failing one does.</summary>
public sealed class SwitchableJournal(IJournal journal) : IJournal
{
    private bool _isFull;

    public bool IsFull
    {
        get => Volatile.Read(ref _isFull);
        set => Volatile.Write(ref _isFull, value);
    }

    /// <summary>Records are taken, and never become durable.</summary>
    public bool IsFailing { get; set; }

    public ValueTask<bool> WhenDurableAsync(long number, CancellationToken cancellation) =>
        IsFailing ? new ValueTask<bool>(false) : journal.WhenDurableAsync(number, cancellation);

    public bool TryAppend<TRecord>(scoped in TRecord record, out long number) where TRecord : IJournalRecord, allows ref struct
    {
        number = 0;
        return !IsFull && journal.TryAppend(record, out number);
    }
}
