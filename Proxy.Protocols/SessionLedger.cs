using Proxy.Core.Policy;

namespace Proxy.Protocols;

/// <summary>
/// What both relays of a session share, whatever the protocol: the replies that are owed, and how the session is to end. The request relay adds what it
/// sends, the reply relay settles it. Every member is used under <see cref="Gate"/>, unless it says otherwise; the gate is never held across I/O.
/// </summary>
internal abstract class SessionLedger<TReply>(int pendingRepliesMax)
    where TReply : class, IPendingReply, new()
{
    private TaskCompletionSource? _emptied;
    private Refusal? _endingRefusal;
    private bool _takesNoMore;

    public Lock Gate { get; } = new();

    public PendingReplies<TReply> Pending { get; } = new(pendingRepliesMax);

    /// <summary>How the session is to end as soon as it is between transactions; None while it may go on.</summary>
    public SessionEnd Ending { get; set; }

    /// <summary>No further request is taken, not even inside a transaction: the session ends when what is under way has been answered. Read without the gate.</summary>
    public bool TakesNoMore
    {
        get => Volatile.Read(ref _takesNoMore);
        set => Volatile.Write(ref _takesNoMore, value);
    }

    /// <summary>Whether a request waits for replies.</summary>
    public bool HasWaiter => _emptied is not null;

    /// <summary>Ends the session with this refusal as soon as it is between transactions. Takes the gate.</summary>
    public void EndWhenIdle(Refusal refusal)
    {
        using var scope = Gate.EnterScope();
        if (TakesNoMore) return; // It is ending for a stronger reason.
        _endingRefusal = refusal;
        Ending = refusal.Code == Refusals.TokenExpiredInSession.Code ? SessionEnd.Expired
            : refusal.Code == Refusals.DeadlinePassed.Code ? SessionEnd.TimedOut
            : SessionEnd.Drained;
    }

    /// <summary>
    /// From now on no request is forwarded, also inside a transaction; what the server is doing may finish, and then the session ends with this
    /// refusal. A frame whose turn came at the same moment may still be sent: the session's end is the proof. Takes the gate.
    /// </summary>
    public void TakeNoMore(Refusal refusal)
    {
        using var scope = Gate.EnterScope();
        _endingRefusal = refusal;
        Ending = SessionEnd.Revoked;
        TakesNoMore = true;
    }

    /// <summary>Whether the session has been told to end. Needs no gate.</summary>
    public bool IsEnding => Volatile.Read(ref _endingRefusal) is not null;

    /// <summary>What a client is told whose session ends for this reason; null where there is nothing to say. Needs no gate.</summary>
    /// <param name="end">The reason.</param>
    /// <param name="violation">What was wrong, if something was.</param>
    public Refusal? LastWords(SessionEnd end, string? violation) => end switch
    {
        SessionEnd.Spent => Refusals.RequestSpent.Because("one transaction, or one statement outside of one"),
        SessionEnd.Drained or SessionEnd.Expired or SessionEnd.TimedOut or SessionEnd.Revoked or SessionEnd.Cancelled =>
            Volatile.Read(ref _endingRefusal) ?? Refusals.Drain.Because("the session was closed"),
        SessionEnd.ClientViolation => Refusals.ProtocolViolation.Because(violation ?? "the client broke the protocol"),
        SessionEnd.ServerViolation => Refusals.ServerUnavailable.Because("the server sent what was not expected"),
        SessionEnd.StateUncertain => Refusals.SessionStateUncertain.Because(violation ?? "it cannot be told how statements would be read"),
        SessionEnd.ServerClosed => Refusals.ServerUnavailable.Because("the server closed the connection"),
        SessionEnd.JournalUnavailable => Refusals.JournalUnavailable.Because("the record is not on the disk"),
        SessionEnd.Fault => Refusals.InternalFault.Because("see the log"),
        _ => null,
    };

    /// <summary>Completes when every reply owed has come. Continuations do not run inside the reply relay. Takes the gate.</summary>
    public Task WhenEmptyAsync()
    {
        using (Gate.EnterScope())
        {
            if (Pending.Count == 0) return Task.CompletedTask;
            _emptied ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _emptied.Task;
        }
    }

    /// <summary>Wakes a request that waits for the queue to be empty, if it is.</summary>
    protected void SignalWhenEmpty()
    {
        if (Pending.Count > 0 || _emptied is null) return;
        _emptied.TrySetResult();
        _emptied = null;
    }
}
