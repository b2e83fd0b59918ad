using Proxy.Core.Policy;
using Proxy.Core.Sql;
using Proxy.Protocols.Buffers;
using Proxy.Protocols.MySql.Messages;

namespace Proxy.Protocols.MySql;

/// <summary>
/// Lets one request through: one transaction, or one statement outside of one, after the few things that drivers ask by themselves
/// (<see cref="DriverQueries"/>). Owned by the request relay. A transaction begins with BEGIN, or, where autocommit is off, with the first statement; it is
/// over when its end was sent, and goes on only while the server confirms that it is open: statements that commit by themselves end it, too. An error
/// says nothing of the transaction, and some roll it back (a deadlock) or follow a commit (DDL): behind one the server is asked, by a ping.
/// </summary>
internal sealed class OneRequestGate(MySqlLedger ledger)
{
    /// <summary>What a second request gets.</summary>
    public static Refusal Spent { get; } = Refusals.RequestSpent.Because("one transaction, or one statement outside of one");

    private static byte[] Ping { get; } = new PacketWriter().Begin(0).Byte(CommandCode.Ping).End().ToArray();

    /// <summary>A driver asks one to four things.</summary>
    private const int DriverQueriesMax = 8;

    private enum Progress : byte
    {
        /// <summary>The request has been made: nothing that could run may follow.</summary>
        Over = 0,

        /// <summary>It has not come.</summary>
        Awaited,

        /// <summary>A transaction was begun.</summary>
        InTransaction,

        /// <summary>Behind what may have committed unseen and begun another transaction: only the end may follow.</summary>
        AwaitsEnd,
    }

    private Progress _progress = Progress.Awaited;
    private int _driverQueries;

    /// <summary>Without autocommit a transaction has not begun for the server before a table was touched; until then there was nothing to commit.</summary>
    private bool _hasOnlyRead;

    /// <summary>Whether a command may go on whose text, if any, is looked at afterwards.</summary>
    public RequestVerdict OfCommand(byte command)
    {
        switch (command)
        {
            // A goodbye, and what belongs to a statement that ran: its cursor, its end.
            case CommandCode.Quit or CommandCode.StatementClose or CommandCode.StatementReset or CommandCode.StatementFetch or CommandCode.StatementSendLongData:
                return RequestVerdict.Pass;
            case CommandCode.ChangeUser:
                return RequestVerdict.Spent; // It would be somebody else's session.
            case CommandCode.ResetConnection when _progress is Progress.InTransaction or Progress.AwaitsEnd:
                _progress = Progress.Over; // It rolls back.
                return RequestVerdict.Pass;
            default:
                return _progress is Progress.Over ? RequestVerdict.Spent : RequestVerdict.Pass;
        }
    }

    /// <summary>Whether a text may run: a query, or what is prepared and now executed. Asked after <see cref="OfCommand"/>.</summary>
    public RequestVerdict OfText(StatementAnalysis analysis, Outbound toServer)
    {
        if (_progress is Progress.Awaited && IsDriverQuery(analysis)) return RequestVerdict.Pass;
        // Several in one text: each could commit what was before it.
        if (analysis.Statements.Length > 1 || (analysis.Statements is [var statement] && IsAnother(statement))) return RequestVerdict.Spent;
        using var scope = ledger.Gate.EnterScope();
        // Whether autocommit is off, and whether the transaction is open, is known when all that was sent has been answered.
        if (ledger.Pending.Count > 0) return RequestVerdict.AwaitReplies;
        // An end runs nothing where nothing is open.
        if (_progress is Progress.Awaited || analysis.Statements is [{ Kind: var kind }] && Ends(kind)) return RequestVerdict.Pass;
        if (!ledger.KnowsStatus)
        {
            ledger.Expect(PendingKind.Setup);
            toServer.Insert(Ping);
            return RequestVerdict.AwaitReplies;
        }

        if (IsOpen) return RequestVerdict.Pass;
        _progress = Progress.Over;
        return RequestVerdict.Spent;
    }

    /// <summary>KILL is a request by itself: inside a transaction, which may be over by now, it would be a second one.</summary>
    public bool MayKill => _progress is Progress.Awaited;

    /// <summary>The text is on its way.</summary>
    public void Forwarded(StatementAnalysis analysis)
    {
        if (_progress is Progress.Awaited && IsDriverQuery(analysis))
        {
            _driverQueries++;
            return;
        }

        var kind = analysis.Statements is [var only] ? only.Kind : StatementKind.Unknown;
        if (_progress is Progress.Awaited)
        {
            var isTransaction = kind is StatementKind.Begin || !ledger.Status.HasFlag(ServerStatus.AutoCommit);
            _hasOnlyRead = kind is not StatementKind.Begin;
            _progress = isTransaction ? Progress.InTransaction : Progress.Over;
        }

        if (_progress is Progress.Over) return;
        _hasOnlyRead &= kind is StatementKind.Select or StatementKind.Show or StatementKind.SetSetting or StatementKind.Savepoint;
        if (Ends(kind)) _progress = Progress.Over;
        else if (!KeepsTransaction(kind)) _progress = Progress.AwaitsEnd;
    }

    /// <summary>A command that is a request by itself is on its way.</summary>
    public void Forwarded() => _progress = Progress.Over;

    private bool IsAnother(StatementReading statement) => statement.IsChained
        || (_progress is Progress.AwaitsEnd && !Ends(statement.Kind))
        || (_progress is Progress.InTransaction && statement.Kind is StatementKind.Begin);

    private bool IsOpen => ledger.Status.HasFlag(ServerStatus.InTransaction) || (_hasOnlyRead && !ledger.Status.HasFlag(ServerStatus.AutoCommit));

    private bool IsDriverQuery(StatementAnalysis analysis) => _driverQueries < DriverQueriesMax && DriverQueries.IsOne(analysis);

    /// <summary>Whether a statement leaves the transaction as it is, or the server's status says what it did. Others commit (DDL), or run what has a name and may do both.</summary>
    private static bool KeepsTransaction(StatementKind kind) => kind is StatementKind.Select or StatementKind.Insert or StatementKind.Update or StatementKind.Delete
        or StatementKind.Begin or StatementKind.Savepoint or StatementKind.ReleaseSavepoint or StatementKind.RollbackToSavepoint or StatementKind.SetSetting
        or StatementKind.SetTransaction or StatementKind.UseDatabase or StatementKind.Show or StatementKind.Explain or StatementKind.Evaluate or StatementKind.Prepare or StatementKind.Deallocate;

    private static bool Ends(StatementKind kind) => kind is StatementKind.Commit or StatementKind.Rollback or StatementKind.PrepareTransaction;
}
