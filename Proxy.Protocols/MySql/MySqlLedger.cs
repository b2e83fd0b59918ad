using Proxy.Core.Policy;
using Proxy.Protocols.MySql.Messages;

namespace Proxy.Protocols.MySql;

/// <summary>
/// What client and server have agreed on and what is still owed: the one object that both relays share.
/// </summary>
internal sealed class MySqlLedger(int pendingRepliesMax, ServerStatus status) : SessionLedger<PendingReply>(pendingRepliesMax)
{
    private int _changesPending;
    private bool _mayHaveBegun;

    public SessionStatements Statements { get; } = new();

    /// <summary>The relations that the session has made itself, and its default database.</summary>
    public SessionRelations Relations { get; } = new();

    /// <summary>Is told when statements run that change what all sessions see, and when they have been answered.</summary>
    public IStatementJudge? Judge { get; init; }

    /// <summary>As the server said last.</summary>
    public ServerStatus Status
    {
        get;
        set
        {
            field = value;
            _mayHaveBegun = false;
            KnowsStatus = true;
        }
    } = status;

    /// <summary>Whether <see cref="Status"/> is the present one: an error has none.</summary>
    public bool KnowsStatus { get; private set; } = true;

    /// <summary>Whether a transaction is open, or may be.</summary>
    public bool IsInTransaction => Status.HasFlag(ServerStatus.InTransaction) || _mayHaveBegun;

    /// <summary>Whether the statement that ran last can have touched PHI: its warnings may hold some.</summary>
    public bool HasTouchedPhi { get; set; }

    /// <summary>Of the text of several statements that is under way; null where there is none.</summary>
    public BatchState? Batch { get; set; }

    /// <summary>The number of the next packet for the client, should it get one that answers nothing it waits for.</summary>
    public byte NextSequence => Pending.Head?.ClientSequence ?? (byte)(Batch is { } batch ? batch.LastSequence + 1 : 0);

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

    /// <summary>Expects what answers a command of our own.</summary>
    /// <param name="kind">What is owed.</param>
    /// <param name="changesReading">Whether its success may change what later texts mean.</param>
    public PendingReply Expect(PendingKind kind, bool changesReading = false)
    {
        var entry = Pending.Enqueue();
        entry.Kind = kind;
        entry.Sequence = 1;
        entry.ChangesReading = changesReading;
        if (changesReading) _changesPending++;
        return entry;
    }

    /// <summary>Expects what answers a command of the client's.</summary>
    /// <param name="kind">What is owed.</param>
    /// <param name="frame">The command.</param>
    /// <param name="changesReading">Whether its success may change what later texts mean.</param>
    public PendingReply Expect(PendingKind kind, in RequestFrame frame, bool changesReading = false)
    {
        var entry = Expect(kind, changesReading);
        entry.Sequence = (byte)(frame.ServerSequence + 1);
        entry.SequenceShift = (byte)(frame.LastSequence - frame.ServerSequence);
        entry.IsPart = frame.IsPart;
        entry.IsFollowed = frame.IsFollowed;
        entry.ForgetsLast = kind is PendingKind.Local or PendingKind.Probe && frame.Payload is [CommandCode.StatementPrepare, ..];
        return entry;
    }

    /// <summary>The entry runs what was judged so; to be called before it is sent.</summary>
    public void Runs(PendingReply entry, Judgement judgement)
    {
        entry.Judgement = judgement;
        Judge?.Runs(judgement);
    }

    /// <summary>An ERR says nothing of the transaction. Without autocommit, a statement that failed may have begun one.</summary>
    public void StatementFailed()
    {
        _mayHaveBegun = !Status.HasFlag(ServerStatus.AutoCommit);
        KnowsStatus = false;
    }

    /// <summary>Settles the head, and wakes a request that waits for the queue to be empty.</summary>
    public void Settle()
    {
        if (Pending.Head is { ChangesReading: true }) _changesPending--;
        if (Pending.Head is { IsPart: true } part) Batch = new BatchState((byte)(part.ClientSequence - 1), part.HasFailed || part.IsCut);
        if (Pending.Head is { ForgetsLast: true }) Statements.Last = null;
        Pending.Dequeue();
        // DDL commits by itself, in part also where it fails, and a procedure may have begun a transaction behind it: no transaction holds it back.
        if (Pending.Count == 0) Judge?.Settle(isInTransaction: false);
        SignalWhenEmpty();
    }
}
