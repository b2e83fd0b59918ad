namespace Proxy.Core.Catalogue;

/// <summary>The newest catalogue of one target. Thread-safe; reading it costs nothing.</summary>
public interface ICatalogueSource
{
    /// <summary>The newest snapshot; <see cref="CatalogueSnapshot.Empty"/>, in which every relation is unknown, before the first load.</summary>
    CatalogueSnapshot Current { get; }

    /// <summary>Whether the target confirmed <see cref="Current"/> within the last seconds. While false, no new statement may start.</summary>
    bool IsFresh { get; }

    /// <summary>Why it is not fresh, without values; null while it is.</summary>
    string? StaleReason { get; }

    /// <summary>
    /// The moment, as TimeProvider.GetTimestamp gives it, of which the target has last confirmed <see cref="Current"/>: changes that were committed
    /// before it are in there. Read it before <see cref="Current"/>. long.MinValue before the first time.
    /// </summary>
    long ConfirmedAt => long.MinValue;

    /// <summary>
    /// Asks for a reload and waits until the target has confirmed the catalogue anew, but not for long: whoever waits looks at
    /// <see cref="Current"/> afterwards and takes it as it is.
    /// </summary>
    Task RefreshAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// Whether a session is changing what all see, or has and the target has not confirmed <see cref="Current"/> since: a name can then mean another
    /// thing than <see cref="Current"/> says. Answers wait for <see cref="RefreshAsync"/> while this is true.
    /// </summary>
    bool IsInDoubt => false;

    /// <summary>A session is about to send what changes what all see once it is committed. Each call is followed by one of <see cref="EndChange"/>.</summary>
    void BeginChange()
    {
    }

    /// <param name="isCommitted">Whether it may be committed by now; not where its transaction is still open.</param>
    void EndChange(bool isCommitted)
    {
    }

    /// <summary>Asks for a reload soon, because an answer named something that <see cref="Current"/> does not know. Returns at once.</summary>
    void RequestRefresh();
}
