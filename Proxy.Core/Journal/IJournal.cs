namespace Proxy.Core.Journal;

/// <summary>The record of what was asked and what happened. Thread-safe; an append takes no lock and makes no system call.</summary>
public interface IJournal
{
    /// <summary>
    /// Appends a record; when it returns true the record is <c>written</c>: it survives the process, though not yet the machine.
    /// False when there is no room (no segment ready, disk full) or the record is over the limit: the caller must refuse, never forward.
    /// </summary>
    /// <param name="number">The record's number: unique, increasing in order of reservation, starting at 1.</param>
    bool TryAppend<TRecord>(scoped in TRecord record, out long number) where TRecord : IJournalRecord, allows ref struct;

    /// <summary>
    /// Comes back when the record with this number is as durable as the policy wants it before its statement may be forwarded; false when it will
    /// never be, and the statement must not be forwarded.
    /// </summary>
    ValueTask<bool> WhenDurableAsync(long number, CancellationToken cancellation) => new(true);
}
