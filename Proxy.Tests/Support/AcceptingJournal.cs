using Proxy.Core.Journal;

namespace Proxy.Tests.Support;

/// <summary>A journal with room for everything, which keeps nothing.</summary>
public sealed class AcceptingJournal : IJournal
{
    private long _last;

    public bool TryAppend<TRecord>(scoped in TRecord record, out long number) where TRecord : IJournalRecord, allows ref struct
    {
        number = Interlocked.Increment(ref _last);
        return true;
    }
}
