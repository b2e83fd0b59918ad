using Proxy.Core.Policy;
using Proxy.Core.Sql;

namespace Proxy.Protocols.Postgres;

/// <summary>
/// What client and server have agreed on and what is still owed: the one object that both relays share.
/// <para>
/// A definition (Parse, Bind, Close, and their SQL forms) is tentative until its own reply comes. Within the segment that defines it a name is
/// certain all the same: if the definition fails, the server skips everything up to the Sync, the use of the name included. Across segments it
/// is not, and the use waits (design §3: a failing Bind in front of a re-Parse runs the old statement).
/// </para>
/// </summary>
internal sealed class PostgresLedger : SessionLedger<PendingReply>
{
    private readonly PortalPool _portals;
    private int _definitionsPending;
    private int _statementsPending;
    private int _portalsPending;
    private int _relationChangesPending;
    private bool _owesAbort;
    private Task _cancelling = Task.CompletedTask;

    public PostgresLedger(int pendingRepliesMax, SessionRecorder recorder)
        : base(pendingRepliesMax)
    {
        _portals = new PortalPool(recorder);
        Names = new SessionNames(_portals);
    }

    public SessionNames Names { get; }

    /// <summary>Hears of what runs; null where nobody else's catalogue is concerned.</summary>
    public IStatementJudge? Judge { get; init; }

    /// <summary>The relations that the session has made itself.</summary>
    public SessionRelations Relations { get; } = new();

    /// <summary>Whether replies under way may change what relations names mean: nothing is judged until they have come.</summary>
    public bool AwaitsRelations => _relationChangesPending > 0;

    public TransactionStatus Status { get; set; } = TransactionStatus.Idle;

    /// <summary>The number of the segment that the client is sending. A Sync ends it.</summary>
    public long Segment { get; private set; } = 1;

    /// <summary>Whether a message of the extended protocol went to the server since the last Sync or Query.</summary>
    public bool HasReachedServer { get; set; }

    /// <summary>An error ended the segment: what the client still sends is swallowed up to its Sync, as the server would.</summary>
    public bool IsDiscarding { get; private set; }

    /// <summary>The error was ours and the server has seen nothing of the segment: its Sync is answered by us, too.</summary>
    public bool IsDiscardingLocally { get; private set; }

    /// <summary>The server has asked for COPY data and the client has not ended it.</summary>
    public bool IsCopyIn { get; set; }

    /// <summary>Syncs that the server may or may not have ignored: it does while it wants COPY data, and does not once the COPY has failed.</summary>
    public int DoubtfulSyncs { get; set; }

    /// <summary>
    /// The client was told of an aborted transaction that is not aborted at the server yet: a message that must fail goes in front of its next request. Read without the gate.
    /// </summary>
    public bool OwesAbort
    {
        get => Volatile.Read(ref _owesAbort);
        set => Volatile.Write(ref _owesAbort, value);
    }

    /// <summary>Done when the server has been told to give up a statement. No request goes on before that.</summary>
    public Task Cancelling
    {
        get => Volatile.Read(ref _cancelling);
        set => Volatile.Write(ref _cancelling, value);
    }

    /// <summary>Whether the client has asked for something and waits. Not while a batch lacks its Sync or the server waits for COPY data: then the next move is the client's.</summary>
    public bool IsBusy => Pending.Count > 0 && !HasReachedServer && !IsCopyIn;

    /// <summary>Whether nobody but us can be in the middle of anything: what a refusal needs to be answered without the server.</summary>
    public bool IsServerIdle => Status == TransactionStatus.Idle && !HasReachedServer && OnlyLocalPending();

    /// <summary>Whether an error of what is under way would make the server skip everything up to the client's next Sync.</summary>
    public bool MayBeSkipping
    {
        get
        {
            for (var i = 0; i < Pending.Count; i++)
                if (Pending[i].Segment == Segment && Pending[i].Kind is not (PendingKind.Query or PendingKind.RefusedQuery or PendingKind.Local))
                    return true;
            return false;
        }
    }

    /// <param name="kind">What is owed.</param>
    /// <param name="changesNames">Whether it runs a statement whose completion may change what names mean.</param>
    public PendingReply Expect(PendingKind kind, bool changesNames = false)
    {
        var entry = Pending.Enqueue();
        entry.Kind = kind;
        entry.Segment = Segment;
        entry.ChangesNames = changesNames;
        if (MayDefine(entry)) _definitionsPending++;
        return entry;
    }

    /// <summary>Like <see cref="Expect"/>, for what adds named statements or portals when it succeeds.</summary>
    public PendingReply ExpectAdding(PendingKind kind, int statements, int portals, bool changesNames = false)
    {
        var entry = Expect(kind, changesNames);
        entry.StatementsAdded = statements;
        entry.PortalsAdded = portals;
        _statementsPending += statements;
        _portalsPending += portals;
        return entry;
    }

    /// <summary>The entry runs what was judged so; to be called once it refers to that.</summary>
    public void NoteRelationChanges(PendingReply entry, Judgement judgement)
    {
        Judge?.Runs(judgement);
        if (!Relations.MayChange(judgement, AwaitsRelations)) return;
        entry.ChangesRelations = true;
        _relationChangesPending++;
    }

    /// <summary>
    /// Whether so many more fit under the limits. Those under way count as if they had succeeded, and one that replaces another counts twice until
    /// its reply: a client that stays below the limit never notices, and one that pipelines cannot pass it.
    /// </summary>
    public bool HasRoomFor(int statements, int portals, Limits limits) =>
        (statements == 0 || Names.StatementCount + _statementsPending + statements <= limits.PreparedStatementsMax)
        && (portals == 0 || Names.PortalCount + _portalsPending + portals <= limits.PortalsMax);

    /// <summary>What SQL's own PREPARE and DECLARE in a text would add.</summary>
    public static (int Statements, int Portals) AddedBy(StatementAnalysis analysis)
    {
        var (statements, portals) = (0, 0);
        foreach (var reading in analysis.Statements)
            if (reading.Kind is StatementKind.Prepare) statements++;
            else if (reading.Kind is StatementKind.DeclareCursor) portals++;
        return (statements, portals);
    }

    public void EndSegment()
    {
        Segment++;
        HasReachedServer = false;
        IsDiscarding = IsDiscardingLocally = false;
    }

    public void Discard(bool isLocal)
    {
        IsDiscarding = true;
        IsDiscardingLocally = isLocal;
    }

    public Portal RentPortal(ReadOnlySpan<byte> name) => _portals.Rent(ObjectName.Comparer.Create(name));

    /// <summary>Which statement generation a message that is sent now would mean.</summary>
    public NameLookup FindStatement(ReadOnlySpan<byte> name, out PreparedStatement? statement)
    {
        statement = null;
        for (var i = _definitionsPending == 0 ? -1 : Pending.Count - 1; i >= 0; i--)
        {
            var entry = Pending[i];
            var isSame = entry.Name is { } defined && ObjectName.Comparer.Equals(name, defined);
            switch (entry.Kind)
            {
                case PendingKind.Parse when isSame && entry.Segment == Segment:
                    statement = entry.Statement;
                    return NameLookup.Known;
                case PendingKind.CloseStatement when isSame && entry.Segment == Segment:
                    return NameLookup.Unknown;
                case PendingKind.Parse or PendingKind.CloseStatement when isSame:
                    return NameLookup.Uncertain;
                case PendingKind.Query when name.IsEmpty: // Every Query drops the unnamed statement.
                    return NameLookup.Uncertain;
                case PendingKind.Query or PendingKind.Execute when entry.ChangesNames:
                    return NameLookup.Uncertain;
                default:
                    break;
            }
        }

        statement = Names.FindStatement(name);
        return statement is null ? NameLookup.Unknown : NameLookup.Known;
    }

    /// <summary>Which portal a message that is sent now would mean. Portals end with their transaction, so anything of an earlier segment leaves it uncertain.</summary>
    public NameLookup FindPortal(ReadOnlySpan<byte> name, out Portal? portal)
    {
        portal = null;
        for (var i = Pending.Count - 1; i >= 0; i--)
        {
            var entry = Pending[i];
            var isSame = entry.Name is { } defined && ObjectName.Comparer.Equals(name, defined);
            switch (entry.Kind)
            {
                case PendingKind.Bind when isSame && entry.Segment == Segment:
                    portal = entry.Portal;
                    return portal is null ? NameLookup.Unknown : NameLookup.Known;
                case PendingKind.ClosePortal when isSame && entry.Segment == Segment:
                    return NameLookup.Unknown;
                case PendingKind.Local:
                    break;
                case PendingKind.Query or PendingKind.RefusedQuery:
                    return NameLookup.Uncertain;
                case PendingKind.Execute when entry.ChangesNames:
                    return NameLookup.Uncertain;
                default:
                    if (entry.Segment != Segment) return NameLookup.Uncertain;
                    break;
            }
        }

        portal = Names.FindPortal(name);
        return portal is null ? NameLookup.Unknown : NameLookup.Known;
    }

    /// <summary>Settles the head: lets go of what it referred to, and wakes a request that waits for the queue to be empty.</summary>
    public void Settle()
    {
        Release(Pending.Head!);
        Pending.Dequeue();
        SignalWhenEmpty();
    }

    /// <summary>Drops the entry behind the head.</summary>
    public void SettleSecond()
    {
        Release(Pending[1]);
        Pending.RemoveSecond();
    }

    private static bool MayDefine(PendingReply entry) =>
        entry.ChangesNames || entry.Kind is PendingKind.Parse or PendingKind.CloseStatement or PendingKind.Query;

    public static bool ChangesNames(StatementAnalysis analysis)
    {
        foreach (var reading in analysis.Statements)
            if (SessionNames.Affects(reading.Kind))
                return true;
        return false;
    }

    private void Release(PendingReply entry)
    {
        if (MayDefine(entry)) _definitionsPending--;
        if (entry.ChangesRelations) _relationChangesPending--;
        _statementsPending -= entry.StatementsAdded;
        _portalsPending -= entry.PortalsAdded;
        _portals.Release(entry.Portal);
    }

    private bool OnlyLocalPending()
    {
        for (var i = 0; i < Pending.Count; i++)
            if (Pending[i].Kind != PendingKind.Local)
                return false;
        return true;
    }
}
