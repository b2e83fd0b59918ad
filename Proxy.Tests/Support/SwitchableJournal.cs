using Proxy.Core.Journal;

namespace Proxy.Tests.Support;

/// <summary>A journal that a test can make refuse every record, as a full disk does.</summary>
public sealed class SwitchableJournal(IJournal journal) : IJournal
{
    private bool _isFull;

    public bool IsFull
    {
        get => Volatile.Read(ref _isFull);
        set => Volatile.Write(ref _isFull, value);
    }

    public bool TryAppend<TRecord>(scoped in TRecord record, out long number) where TRecord : IJournalRecord, allows ref struct
    {
        number = 0;
        return !IsFull && journal.TryAppend(record, out number);
    }
}
