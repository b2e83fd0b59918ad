using Proxy.Core.Sql;
using Proxy.Protocols.Postgres.Messages;

namespace Proxy.Protocols.Postgres;

/// <summary>
/// Lets one request through: one transaction that begins with BEGIN, or one statement outside of one, after the few questions that drivers ask by
/// themselves (<see cref="DriverQueries"/>). Owned by the request relay. A transaction is over when its end was sent, whatever the server says to it; it goes on
/// only while the server confirms that it is open, so that a BEGIN which failed or was skipped opens nothing.
/// </summary>
internal sealed class OneRequestGate(PostgresLedger ledger)
{
    /// <summary>A driver asks one to four things.</summary>
    private const int DriverQueriesMax = 8;

    private const long NoSegment = -1;

    private enum Progress : byte
    {
        /// <summary>The request has been made: nothing that could run may follow.</summary>
        Over = 0,

        /// <summary>It has not come.</summary>
        Awaited,

        /// <summary>BEGIN was sent.</summary>
        InTransaction,

        /// <summary>The statement, or the end of the transaction, was bound: its Execute may follow up to the Sync.</summary>
        InSegment,
    }

    private Progress _progress = Progress.Awaited;
    private long _segment = NoSegment;
    private int _driverQueries;

    /// <summary>Whether a message may go on that names no statement. What belongs to the request's own COPY or segment may, and a goodbye.</summary>
    public RequestVerdict OfMessage(byte type)
    {
        Advance();
        return type switch
        {
            FrontendCode.Terminate or FrontendCode.Sync or FrontendCode.Flush or FrontendCode.CopyData or FrontendCode.CopyDone or FrontendCode.CopyFail =>
                RequestVerdict.Pass,
            FrontendCode.Describe or FrontendCode.Execute or FrontendCode.Close => _progress is Progress.Over ? RequestVerdict.Spent : RequestVerdict.Pass,
            _ => _progress is Progress.Over or Progress.InSegment ? RequestVerdict.Spent : OfTransaction(type),
        };
    }

    /// <summary>Whether a text may run: a Query, or what a Bind binds. Asked after <see cref="OfMessage"/>.</summary>
    public RequestVerdict OfText(StatementAnalysis analysis)
    {
        if (_progress is Progress.Awaited && IsDriverQuery(analysis)) return RequestVerdict.Pass;
        return IsOneRequest(analysis) ? RequestVerdict.Pass : RequestVerdict.Spent;
    }

    /// <summary>The text is on its way.</summary>
    public void Forwarded(StatementAnalysis analysis, bool isQuery)
    {
        if (_progress is Progress.Awaited && IsDriverQuery(analysis))
        {
            _driverQueries++;
            return;
        }

        // Under Query everything is over when it is answered; a segment lasts until its Sync.
        var opens = _progress is Progress.InTransaction || analysis.Statements is [{ Kind: StatementKind.Begin }, ..];
        if (opens && !EndsTransaction(analysis))
        {
            if (_progress is Progress.InTransaction) return;
            _progress = Progress.InTransaction;
            _segment = isQuery ? NoSegment : ledger.Segment;
            return;
        }

        _progress = isQuery ? Progress.Over : Progress.InSegment;
        _segment = ledger.Segment;
    }

    private void Advance()
    {
        if (_progress is Progress.InSegment && ledger.Segment != _segment) _progress = Progress.Over;
    }

    /// <summary>
    /// In the segment of its own BEGIN everything succeeds or is skipped together; behind it the server has to have said that a transaction is
    /// open. A Query ends with a commit of its own unless one is, even where a BEGIN was bound and never executed.
    /// </summary>
    private RequestVerdict OfTransaction(byte type)
    {
        if (_progress is not Progress.InTransaction || (ledger.Segment == _segment && type is not FrontendCode.Query)) return RequestVerdict.Pass;
        using var scope = ledger.Gate.EnterScope();
        if (ledger.Pending.Count > 0) return RequestVerdict.AwaitReplies;
        if (ledger.Status != TransactionStatus.Idle) return RequestVerdict.Pass;
        _progress = Progress.Over;
        return RequestVerdict.Spent;
    }

    private bool IsDriverQuery(StatementAnalysis analysis) => _driverQueries < DriverQueriesMax && DriverQueries.IsOne(analysis);

    /// <summary>Whether a text is part of one request: one statement, or several of which the first begins a transaction and only the last can end it.</summary>
    private bool IsOneRequest(StatementAnalysis analysis)
    {
        var statements = analysis.Statements;
        for (var i = 0; i < statements.Length; i++)
            if (statements[i].IsChained || (Ends(statements[i].Kind) && i < statements.Length - 1))
                return false;
        return statements.Length <= 1 || _progress is Progress.InTransaction || statements[0].Kind is StatementKind.Begin;
    }

    private static bool EndsTransaction(StatementAnalysis analysis) => analysis.Statements is [.., var last] && Ends(last.Kind);

    private static bool Ends(StatementKind kind) => kind is StatementKind.Commit or StatementKind.Rollback or StatementKind.PrepareTransaction;
}
