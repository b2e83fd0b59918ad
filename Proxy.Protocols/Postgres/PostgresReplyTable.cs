using Proxy.Core.Policy;
using Proxy.Core.Sql;
using Proxy.Protocols.Buffers;
using Proxy.Protocols.Postgres.Messages;
using Proxy.Protocols.Postgres.Shows;

namespace Proxy.Protocols.Postgres;

/// <summary>The table of ARCHITECTURE.md, reply × head of the queue → action. What has no place in it ends the session.</summary>
internal sealed class PostgresReplyTable(PostgresLedger ledger, SessionRecorder recorder, PostgresAsides asides, GatewayShowAnswers shows, OutdatedAnswers outdated, AnswerCuts cuts)
{
    private PendingReply? _current;

    /// <summary>Why the session ends by what the server sent; names a message or a parameter, never its content.</summary>
    public string? Violation { get; private set; }

    /// <summary>What is sent next answers the statement at the head.</summary>
    public void Attribute(Outbound toClient) => recorder.Attribute(CurrentHead(), toClient);

    /// <summary>The reply has been dealt with, and what it has the client get is among what is sent.</summary>
    public void Conclude(Outbound toClient) => recorder.Conclude(toClient);

    /// <summary>Whether the answer that this RowDescription or CopyOutResponse begins has to wait for a newer catalogue.</summary>
    public bool AwaitsCatalogue(ReadOnlySpan<byte> description)
    {
        using var scope = ledger.Gate.EnterScope();
        switch (ledger.Pending.Head)
        {
            case { Kind: PendingKind.Query, HasFailed: false, Judgement: not null } query:
                return outdated.MustWait(ref query.Judgement, HasUnknownColumns(query.Judgement, description));
            case { Kind: PendingKind.Execute, HasFailed: false, Judgement: not null } copy:
                return outdated.MustWait(ref copy.Judgement, HasUnknownColumns(copy.Judgement, description));
            case { Kind: PendingKind.DescribePortal, Portal: { Judgement: { } judgement } portal }:
                var mustWait = outdated.MustWait(ref judgement, HasUnknownColumns(judgement, description));
                portal.Judgement = judgement;
                return mustWait;
            default:
                return false;
        }
    }

    private static bool HasUnknownColumns(Judgement judgement, ReadOnlySpan<byte> description) =>
        ResultPlanning.TryDecode(description, out var columns) && judgement.IsOutdatedBy(columns);

    public SessionEnd Take(in ReplyFrame frame, Outbound toClient)
    {
        switch (frame.Type)
        {
            // Nobody asked for these: they may come at any point.
            case BackendCode.NoticeResponse:
                return asides.TryForwardNotice(frame, CurrentHead(), toClient) ? SessionEnd.None : Violate("malformed NoticeResponse");
            case BackendCode.NotificationResponse:
                return asides.TryForwardNotification(frame, toClient) ? SessionEnd.None : Violate("malformed NotificationResponse");
            case BackendCode.ParameterStatus:
                return TakeParameter(frame, toClient);
            default:
                break;
        }

        // Of a fixed form: what else a frame like that holds would be shown unseen.
        if (ReplyExpectations.IsEmptyByDefinition(frame.Type) && !frame.Body.IsEmpty) return Violate($"message type 0x{frame.Type:x2} has a body");
        using var scope = ledger.Gate.EnterScope();
        if (frame.Type is BackendCode.ReadyForQuery) return TakeReady(frame, toClient);
        if (frame.Type is BackendCode.ErrorResponse) return TakeError(frame, toClient);
        if (ledger.Pending.Head is not { } head) return Violate(frame.Type);
        switch (frame.Type, head.Kind)
        {
            case (BackendCode.ParseComplete, PendingKind.Parse):
                ledger.Names.Define(head.Statement!);
                recorder.Parsed(head);
                return Settle(head, frame, toClient);
            case (BackendCode.BindComplete, PendingKind.Bind) when head.Portal is { } portal:
                ledger.Names.Define(portal);
                head.Portal = null; // The table has its reference now.
                return Settle(head, frame, toClient);
            case (BackendCode.CloseComplete, PendingKind.CloseStatement):
                ledger.Names.DropStatement(head.Name!);
                return Settle(head, frame, toClient);
            case (BackendCode.CloseComplete, PendingKind.ClosePortal):
                ledger.Names.DropPortal(head.Name!);
                return Settle(head, frame, toClient);
            case (BackendCode.ParameterDescription, PendingKind.DescribeStatement):
                if (!ParameterDescription.IsWellFormed(frame.Body)) return Violate("malformed ParameterDescription");
                toClient.Forward(frame.Start, frame.Length);
                return SessionEnd.None;
            case (BackendCode.NoData, PendingKind.DescribeStatement or PendingKind.DescribePortal):
                return Settle(head, frame, toClient);
            case (BackendCode.RowDescription, PendingKind.DescribeStatement):
                if (!ResultPlanning.TryDecode(frame.Body, out _)) return Violate("malformed RowDescription");
                shows.Last.Remember(head.Judgement, statement: 0, frame.Body);
                return Settle(head, frame, toClient);
            case (BackendCode.RowDescription, PendingKind.DescribePortal) when head.Portal is { } portal:
                if (!ResultPlanning.TryPlan(portal, frame.Body)) return Violate("malformed RowDescription");
                shows.Last.Remember(portal.Judgement, portal.StatementIndex, frame.Body);
                return Settle(head, frame, toClient);
            case (BackendCode.RowDescription, PendingKind.Query) when head is { HasFailed: false, Plan: null }:
                if (!ResultPlanning.TryPlan(head, frame.Body)) return Violate("malformed RowDescription");
                shows.Last.Remember(head.Judgement, head.StatementIndex, frame.Body);
                toClient.Forward(frame.Start, frame.Length);
                return SessionEnd.None;
            case (BackendCode.CommandComplete or BackendCode.PortalSuspended, PendingKind.Query or PendingKind.Execute) when head is { IsCut: true, HasFailed: false }:
                return TakeCutEnd(head, toClient);
            case (BackendCode.CopyDone, _) when head is { IsCut: true, IsCopyOut: true }:
                head.IsCopyOut = false;
                return SessionEnd.None;
            case (BackendCode.CommandComplete, PendingKind.Query or PendingKind.Execute) when !head.HasFailed:
                return TakeComplete(head, frame, toClient);
            case (BackendCode.EmptyQueryResponse, PendingKind.Query) when head.Judgement is { Analysis.Statements: [] }:
                recorder.Completed(head, default);
                toClient.Forward(frame.Start, frame.Length);
                return SessionEnd.None;
            case (BackendCode.EmptyQueryResponse, PendingKind.Execute) when head.Judgement is { Analysis.Statements: [] }:
                recorder.Completed(head, default);
                return Settle(head, frame, toClient);
            case (BackendCode.PortalSuspended, PendingKind.Execute):
                recorder.Suspended(head);
                return Settle(head, frame, toClient);
            case (BackendCode.CopyInResponse, PendingKind.Query or PendingKind.Execute) when ReplyExpectations.IsRunning(head, StatementKind.CopyIn):
                return TakeCopyIn(frame, toClient);
            case (BackendCode.CopyOutResponse, PendingKind.Query or PendingKind.Execute) when ReplyExpectations.IsRunning(head, StatementKind.CopyOut):
                return TakeCopyOut(head, frame, toClient);
            case (BackendCode.CopyDone, _) when head.IsCopyOut:
                head.Bytes += frame.Length;
                head.IsCopyOut = false;
                toClient.Forward(frame.Start, frame.Length);
                return SessionEnd.None;
            default:
                return Violate(frame.Type);
        }
    }

    /// <summary>The answer names neither columns nor types, only their number and format: all that it can contradict the plan in.</summary>
    private SessionEnd TakeCopyOut(PendingReply head, in ReplyFrame frame, Outbound toClient)
    {
        if (!CopyResponse.IsWellFormed(frame.Body)) return Violate("malformed CopyOutResponse");
        var statement = head.Kind is PendingKind.Query ? head.StatementIndex : 0;
        if (head.Judgement?.CopyPlanFor(statement) is not { } plan) return Violate("a COPY that cannot be masked");
        if (plan is { Options: { } options } && !CopyResponse.IsOf(frame.Body, plan.Masks.ColumnCount, options.Format is CopyFormat.Binary))
            return LoseTrack("COPY writes other columns than the catalogue says");
        head.CopyPlan = plan;
        head.CopyMessages = 0;
        head.IsCopyAtTrailer = false;
        head.IsCopyOut = true;
        toClient.Forward(frame.Start, frame.Length);
        return SessionEnd.None;
    }

    private SessionEnd TakeParameter(in ReplyFrame frame, Outbound toClient)
    {
        if (asides.TryForwardParameter(frame, CurrentHead(), toClient)) return SessionEnd.None;
        return asides.Violation is { } violation ? LoseTrack(violation) : Violate("malformed ParameterStatus");
    }

    private SessionEnd TakeComplete(PendingReply head, in ReplyFrame frame, Outbound toClient)
    {
        if (!CommandTag.TryDecode(frame.Body, out var tag)) return Violate("malformed CommandComplete");
        var judgement = head.Judgement;
        var show = judgement is null ? null : GatewayShow.Of(judgement.Analysis);
        if (show is not null)
        {
            head.Rows = shows.Answer(show, toClient);
            tag = GatewayShow.Tag;
        }

        var statement = head.Kind is PendingKind.Query ? head.StatementIndex : head.Portal?.StatementIndex ?? 0;
        recorder.Completed(head, tag);
        cuts.Completed(judgement);
        if (judgement is not null && ReplyExpectations.RanOtherThanQuery(judgement, statement, tag))
            return LoseTrack("EXECUTE ran something else than a query: what names mean is not certain any more");
        if (judgement is not null && statement < judgement.Analysis.Statements.Length)
        {
            // A cursor's portal runs the query inside DECLARE: the tag tells (it is SELECT or FETCH, not DECLARE CURSOR).
            var isCursorRun = head.Kind is PendingKind.Execute && head.Portal is { Statement: null };
            if (!isCursorRun)
            {
                ledger.Names.Apply(judgement, statement, tag, head.Record, head.Portal);
                ledger.Relations.Apply(judgement, statement, tag, recorder.Now());
            }

            asides.OnCompleted(judgement, statement);
        }

        if (head.IsCopyOut) return Violate("CommandComplete within COPY");
        ledger.DoubtfulSyncs = 0;
        if (show is not null) toClient.Insert(GatewayShow.Complete);
        if (head.Kind is PendingKind.Execute) return Settle(head, frame, toClient, isShown: show is null);
        ledger.Names.DropPortal(ObjectName.Unnamed); // exec_simple_query runs each statement in an unnamed portal of its own, and drops it.
        if (show is null) toClient.Forward(frame.Start, frame.Length);
        head.StatementIndex++;
        head.Plan = null;
        head.Rows = head.Bytes = 0;
        return SessionEnd.None;
    }

    private SessionEnd TakeReady(in ReplyFrame frame, Outbound toClient)
    {
        if (frame.Body is not [(byte)'I' or (byte)'T' or (byte)'E']) return Violate("malformed ReadyForQuery");
        SettleCopyEnds();
        var head = ledger.Pending.Head;
        var isFailed = head?.HasFailed ?? false;
        if (head is { Kind: PendingKind.Query })
        {
            ledger.Names.DropStatement(ObjectName.Unnamed); // exec_simple_query drops it before it parses.
        }
        else if (head is not ({ Kind: PendingKind.Sync } or { Kind: PendingKind.RefusedQuery, HasFailed: true }))
        {
            if (ledger.DoubtfulSyncs == 0) return Violate(frame.Type);
            ledger.DoubtfulSyncs--;
            head = null;
        }

        ledger.IsCopyIn = false;
        ledger.Status = (TransactionStatus)frame.Body[0];
        var mustAbort = cuts.MustAbort(ledger.Status, ledger.Pending.Count);
        if (mustAbort) (ledger.Status, ledger.OwesAbort) = (TransactionStatus.Failed, true);
        if (ledger.Status is TransactionStatus.Idle)
        {
            ledger.Names.EndTransaction(isCommitted: !isFailed);
            ledger.Relations.EndTransaction(isCommitted: !isFailed, recorder.Now());
        }

        asides.OnReady(ledger.Status is TransactionStatus.Idle);
        if (mustAbort) toClient.Insert(PostgresRefusal.ReadyFailed);
        else if (head is not { IsHidden: true }) toClient.Forward(frame.Start, frame.Length);
        if (head is not null) SettleHead();
        if (ledger.Pending.Count == 0) ledger.Judge?.Settle(isInTransaction: ledger.Status is not TransactionStatus.Idle);
        AnswerLocallyLocked(toClient);
        return SessionEnd.None;
    }

    private SessionEnd TakeError(in ReplyFrame frame, Outbound toClient)
    {
        SettleCopyEnds();
        if (!PostgresErrors.IsWellFormed(frame.Body)) return Violate("malformed ErrorResponse");
        var fields = new ErrorFields(frame.Body);
        var severity = fields[ErrorFields.Severity];
        var isFatal = severity.SequenceEqual("FATAL"u8) || severity.SequenceEqual("PANIC"u8);
        if (!isFatal && !severity.SequenceEqual("ERROR"u8)) return Violate("an ErrorResponse of no known severity");
        var head = ledger.Pending.Head;
        if (isFatal)
        {
            asides.ForwardError(frame, head, isFatal, toClient);
            return SessionEnd.ServerFatal;
        }

        // One error ends a segment: a second one belongs to no statement, so nobody could say what it may show.
        if (head is null || head is { Kind: PendingKind.Query or PendingKind.RefusedQuery or PendingKind.Sync, HasFailed: true })
            return Violate(frame.Type);
        ledger.IsCopyIn = false;
        // A COPY whose data we refused has an answer, too.
        if (head is { Kind: PendingKind.Refused or PendingKind.RefusedQuery } or { Kind: PendingKind.Query or PendingKind.Execute, Answer: not null })
            toClient.Insert(head.Answer);
        else asides.ForwardError(frame, head, isFatal, toClient);
        recorder.Failed(head, head.IsCut ? AnswerCuts.SqlState : fields[ErrorFields.SqlState]);
        asides.OnTouched(head.Judgement ?? head.Portal?.Judgement);
        head.IsCopyOut = false;
        head.HasFailed = true;
        switch (head.Kind)
        {
            case PendingKind.Query or PendingKind.RefusedQuery or PendingKind.Sync: // ReadyForQuery follows by itself.
                return SessionEnd.None;
            case PendingKind.Parse when head.Name is []:
                ledger.Names.DropStatement(head.Name); // exec_parse_message drops the old unnamed statement before it parses the new one.
                break;
            default:
                break;
        }

        SkipToSync(head);
        return SessionEnd.None;
    }

    /// <summary>The server skips everything up to the next Sync; what was defined on the way never was.</summary>
    private void SkipToSync(PendingReply head)
    {
        ForgetDescribe(head);
        SettleHead();
        while (ledger.Pending.Head is { } skipped && skipped.Kind is not PendingKind.Sync)
        {
            recorder.SkippedBehindError(skipped);
            ForgetDescribe(skipped);
            SettleHead();
        }

        if (ledger.Pending.Head is { } sync) sync.HasFailed = true;
        else ledger.Discard(isLocal: false);
    }

    /// <summary>The server was done before it could be told to give up: the client gets the error that it would have got, and no more.</summary>
    private SessionEnd TakeCutEnd(PendingReply head, Outbound toClient)
    {
        toClient.Insert(head.Answer);
        recorder.Failed(head, AnswerCuts.SqlState);
        cuts.CompletedInVain();
        head.HasFailed = true;
        ledger.DoubtfulSyncs = 0;
        if (head.Kind is PendingKind.Query) ledger.Names.DropPortal(ObjectName.Unnamed);
        else SkipToSync(head);
        return SessionEnd.None;
    }

    /// <summary>A portal can outlive the error that kept it from being described: then the next Execute has to ask.</summary>
    private static void ForgetDescribe(PendingReply reply)
    {
        if (reply is { Kind: PendingKind.DescribePortal, Portal: { Plan: null } portal }) portal.IsDescribed = false;
    }

    private SessionEnd TakeCopyIn(in ReplyFrame frame, Outbound toClient)
    {
        if (!CopyResponse.IsWellFormed(frame.Body)) return Violate("malformed CopyInResponse");
        // Syncs behind the COPY that the server will ignore, because it wants data (design §3 [ran]).
        while (ledger.Pending.Count > 1 && ledger.Pending[1].Kind is PendingKind.Sync)
        {
            ledger.SettleSecond();
            ledger.DoubtfulSyncs++;
        }

        if (ledger.Pending.Count == 1)
        {
            if (ledger.HasWaiter) return ViolateByClient("a request behind a COPY that waits for data");
            ledger.IsCopyIn = true;
        }
        else if (ledger.Pending[1].Kind is PendingKind.CopyEnd)
        {
            ledger.SettleSecond(); // The client has sent the data already. A second COPY in the same text has to find an end of its own.
        }
        else
        {
            return ViolateByClient("requests behind a COPY that waits for data");
        }

        toClient.Forward(frame.Start, frame.Length);
        return SessionEnd.None;
    }

    /// <summary>The head has its reply: shows it unless we asked on our own account, and goes on to the next.</summary>
    private SessionEnd Settle(PendingReply head, in ReplyFrame frame, Outbound toClient, bool isShown = true)
    {
        if (isShown && !head.IsHidden) toClient.Forward(frame.Start, frame.Length);
        asides.OnTouched(head.Judgement ?? head.Portal?.Judgement ?? head.Statement?.Judgement);
        SettleHead();
        AnswerLocallyLocked(toClient);
        return SessionEnd.None;
    }

    /// <summary>Gives every answer of our own whose turn it is.</summary>
    public void AnswerLocally(Outbound toClient)
    {
        using var scope = ledger.Gate.EnterScope();
        AnswerLocallyLocked(toClient);
    }

    private void AnswerLocallyLocked(Outbound toClient)
    {
        SettleCopyEnds();
        while (ledger.Pending.Head is { Kind: PendingKind.Local } local)
        {
            toClient.Insert(local.Answer);
            SettleHead();
        }
    }

    private void SettleCopyEnds()
    {
        while (ledger.Pending.Head is { Kind: PendingKind.CopyEnd })
            SettleHead();
    }

    private void SettleHead()
    {
        _current = null;
        ledger.Settle();
    }

    /// <summary>Only this relay moves the head, and its slot stays where it is: a row need not take the lock to find it.</summary>
    public PendingReply? CurrentHead()
    {
        if (_current is not null) return _current;
        using var scope = ledger.Gate.EnterScope();
        return _current = ledger.Pending.Head;
    }

    /// <summary>How the session is to end, now that nothing is under way; None while it may go on.</summary>
    public SessionEnd EndWhenIdle()
    {
        if (ledger.Ending is SessionEnd.None) return SessionEnd.None;
        using var scope = ledger.Gate.EnterScope();
        return ledger.Pending.Count == 0 && (ledger.TakesNoMore || ledger.IsServerIdle) ? ledger.Ending : SessionEnd.None;
    }

    public SessionEnd Violate(string what)
    {
        Violation = what;
        return SessionEnd.ServerViolation;
    }

    private SessionEnd Violate(byte type) => Violate($"message type 0x{type:x2} was not expected");

    /// <summary>The server kept to the protocol, but statements mean something else to it now than they would to the analysis.</summary>
    public SessionEnd LoseTrack(string why)
    {
        Violation = why;
        return SessionEnd.StateUncertain;
    }

    private SessionEnd ViolateByClient(string what)
    {
        Violation = what;
        return SessionEnd.ClientViolation;
    }
}
