using Proxy.Protocols.MySql.Messages;

namespace Proxy.Protocols.MySql;

/// <summary>
/// What client and server have agreed on and what is still owed: the one object that both relays share. The request relay adds what it sends,
/// the reply relay settles it. Every member is used under <see cref="Gate"/>, which is never held across I/O.
/// </summary>
internal sealed class MySqlLedger(int pendingRepliesMax, ServerStatus status)
{
    private TaskCompletionSource? _emptied;
    private int _changesPending;
    private bool _takesNoMore;
    private bool _mayHaveBegun;

    public Lock Gate { get; } = new();

    public PendingReplies Pending { get; } = new(pendingRepliesMax);

    public SessionStatements Statements { get; } = new();

    /// <summary>The relations that the session has made itself, and its default database.</summary>
    public SessionRelations Relations { get; } = new();

    /// <summary>As the server said last.</summary>
    public ServerStatus Status
    {
        get;
        set
        {
            field = value;
            _mayHaveBegun = false;
        }
    } = status;

    /// <summary>Whether a transaction is open, or may be.</summary>
    public bool IsInTransaction => Status.HasFlag(ServerStatus.InTransaction) || _mayHaveBegun;

    /// <summary>Whether the statement that ran last can have touched PHI: its warnings may hold some.</summary>
    public bool HasTouchedPhi { get; set; }

    /// <summary>How the session is to end as soon as it is between transactions; None while it may go on.</summary>
    public SessionEnd Ending { get; set; }

    /// <summary>No further request is taken, not even inside a transaction: the session ends when what is under way has been answered. Read without the gate.</summary>
    public bool TakesNoMore
    {
        get => Volatile.Read(ref _takesNoMore);
        set => Volatile.Write(ref _takesNoMore, value);
    }

    /// <summary>Whether the client has asked for something and waits.</summary>
    public bool IsBusy => Pending.Count > 0;

    /// <summary>Whether nothing is under way, not even a transaction.</summary>
    public bool IsIdle => Pending.Count == 0 && !IsInTransaction;

    /// <summary>Whether replies under way may change what the next text means.</summary>
    public bool AwaitsReading => _changesPending > 0;

    /// <summary>Whether a COM_STMT_PREPARE is under way: then a number that is not known may become so.</summary>
    public bool IsPreparing
    {
        get
        {
            for (var i = 0; i < Pending.Count; i++)
                if (Pending[i] is { Kind: PendingKind.Prepare or PendingKind.Reset } or { ForgetsLast: true })
                    return true;
            return false;
        }
    }

    /// <param name="kind">What is owed.</param>
    /// <param name="lastSequence">The number of the request's last packet.</param>
    /// <param name="changesReading">Whether its success may change what later texts mean.</param>
    public PendingReply Expect(PendingKind kind, byte lastSequence, bool changesReading = false)
    {
        var entry = Pending.Enqueue(kind);
        entry.Sequence = (byte)(lastSequence + 1);
        entry.ChangesReading = changesReading;
        if (changesReading) _changesPending++;
        return entry;
    }

    /// <summary>An ERR says nothing of the transaction. Without autocommit, a statement that failed may have begun one.</summary>
    public void StatementFailed() => _mayHaveBegun = !Status.HasFlag(ServerStatus.AutoCommit);

    /// <summary>Settles the head, and wakes a request that waits for the queue to be empty.</summary>
    public void Settle()
    {
        if (Pending.Head is { ChangesReading: true }) _changesPending--;
        if (Pending.Head is { ForgetsLast: true }) Statements.Last = null;
        Pending.Dequeue();
        if (Pending.Count > 0 || _emptied is null) return;
        _emptied.TrySetResult();
        _emptied = null;
    }

    /// <summary>Completes when every reply owed has come. Continuations do not run inside the reply relay.</summary>
    public Task WhenEmptyAsync()
    {
        using (Gate.EnterScope())
        {
            if (Pending.Count == 0) return Task.CompletedTask;
            _emptied ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _emptied.Task;
        }
    }
}
