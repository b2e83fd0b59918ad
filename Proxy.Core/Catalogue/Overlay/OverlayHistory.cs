namespace Proxy.Core.Catalogue.Overlay;

/// <summary>
/// A session's overlay through its transactions: what it was at BEGIN and at each savepoint comes back when the server goes back. Driven by replies
/// alone, because only they say what happened. Not thread-safe.
/// </summary>
public sealed class OverlayHistory
{
    private readonly List<(string Name, SessionOverlay Overlay)> _savepoints = [];
    private SessionOverlay _atBegin = SessionOverlay.Empty;

    public SessionOverlay Current { get; private set; } = SessionOverlay.Empty;

    /// <summary>Whether there is nothing that the end of a transaction, or going back in it, could change.</summary>
    public bool IsUntouched =>
        ReferenceEquals(Current, SessionOverlay.Empty) && ReferenceEquals(_atBegin, SessionOverlay.Empty)
        && _savepoints.TrueForAll(static savepoint => ReferenceEquals(savepoint.Overlay, SessionOverlay.Empty));

    /// <summary>A statement has completed.</summary>
    public void Apply(OverlayEffect effect) => Current = effect.ApplyTo(Current);

    /// <summary>The session is in this database from now on; no transaction takes that back.</summary>
    public void Use(string? schema)
    {
        Current = Current.WithDefaultSchema(schema);
        _atBegin = _atBegin.WithDefaultSchema(schema);
    }

    /// <summary>DISCARD TEMP or DISCARD ALL has completed.</summary>
    public void DiscardTemporary() => Current = Current.WithoutTemporary();

    public void Savepoint(string name) => _savepoints.Add((name, Current));

    /// <summary>RELEASE: the savepoint of this name and those within it are gone, what happened since stays.</summary>
    public void Release(string name)
    {
        if (IndexOf(name) is >= 0 and var index)
            _savepoints.RemoveRange(index, _savepoints.Count - index);
    }

    /// <summary>ROLLBACK TO: what happened since the savepoint is undone, and it stays.</summary>
    public void RollBackTo(string name)
    {
        if (IndexOf(name) is not (>= 0 and var index))
            return;
        Current = _savepoints[index].Overlay;
        _savepoints.RemoveRange(index + 1, _savepoints.Count - index - 1);
    }

    /// <summary>The transaction is over: by COMMIT or ROLLBACK, or because the server is idle. Between transactions it says nothing new.</summary>
    /// <param name="isCommitted">Whether what it did stays; PREPARE TRANSACTION leaves that to another day, hence false.</param>
    /// <param name="now">The time, as <see cref="TimeProvider.GetTimestamp"/> gives it.</param>
    public void EndTransaction(bool isCommitted, long now)
    {
        Current = _atBegin = isCommitted ? Current.Committed(now) : _atBegin;
        _savepoints.Clear();
    }

    private int IndexOf(string name) => _savepoints.FindLastIndex(savepoint => string.Equals(savepoint.Name, name, StringComparison.Ordinal));
}
