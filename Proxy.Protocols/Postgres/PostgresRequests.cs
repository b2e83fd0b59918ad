using Proxy.Core.Policy;
using Proxy.Core.Sql;
using Proxy.Protocols.Buffers;
using Proxy.Protocols.Postgres.Messages;
using Proxy.Protocols.Postgres.Shows;

namespace Proxy.Protocols.Postgres;

/// <summary>
/// The client's half of a PostgreSQL session: what each message means, and whether the server gets it. Synchronous; owned by the request relay.
/// A message type that has no case here ends the session.
/// </summary>
internal sealed class PostgresRequests(
    PostgresLedger ledger, ISqlFrontEnd frontEnd, IStatementJudge judge, SessionRecorder recorder, Limits limits, OneRequestGate? gate = null)
{
    private readonly PostgresExtendedRequests _extended = new(ledger, judge, recorder, limits, gate);
    private readonly PostgresCopyRequests _copies = new(ledger, recorder);
    private readonly LedgerNames _names = new(ledger);
    private readonly BudgetGate _budget = new(judge.Budget);
    private readonly NameDoubt _doubt = new();
    private StatementAnalysis? _awaited;
    private byte[]? _awaitedText;
    private int _streaming;
    private bool _isStreamForwarded;
    private bool _wakesReplies;

    /// <summary>Why the session ends for the client's fault; names the message, never its content.</summary>
    public string? Violation { get; private set; }

    /// <summary>The client said goodbye: however the session ends now, there is nobody to tell.</summary>
    public bool HasTerminated { get; private set; }

    public RequestStep Take(Memory<byte> received, Outbound toServer)
    {
        var position = 0;
        _wakesReplies = false;
        while (true)
        {
            if (ledger.TakesNoMore) return TakeNoMore(position);
            if (!ledger.Cancelling.IsCompleted) return Step(position, RequestWait.Cancel);
            if (_streaming > 0)
            {
                var part = Math.Min(_streaming, received.Length - position);
                if (_isStreamForwarded) _copies.Stream(received.Span.Slice(position, part), position, toServer);
                position += part;
                _streaming -= part;
                if (_streaming == 0) _copies.EndStream(toServer);
                if (_streaming > 0) return Step(position, RequestWait.Bytes);
            }

            var rest = received.Span[position..];
            switch (PostgresFraming.TryReadHeader(rest, out var type, out var length))
            {
                case FrameStatus.Malformed:
                    return Violate(position, "a message has an impossible length");
                case FrameStatus.Incomplete when length == 0:
                    return Step(position, RequestWait.Bytes);
                case FrameStatus.Incomplete when type is FrontendCode.CopyData:
                    _isStreamForwarded = _copies.BeginStream();
                    _streaming = length; // It is looked at as it streams, so it need not be whole.
                    continue;
                case FrameStatus.Incomplete or FrameStatus.Complete when length > limits.MessageBytesMax && type is not FrontendCode.CopyData:
                    var refused = RefuseOversized(type, toServer);
                    if (refused is not null) return Violate(position, refused);
                    _isStreamForwarded = false;
                    _streaming = length;
                    continue;
                case FrameStatus.Incomplete:
                    return Step(position, RequestWait.Bytes);
                case FrameStatus.Complete:
                    break;
            }

            if (ledger.Pending.IsFull)
            {
                toServer.Insert(PostgresRefusal.Flush);
                return Step(position, RequestWait.Replies);
            }

            var frame = new RequestFrame(type, position, length, rest[PostgresFraming.HeaderLength..length]);
            var wait = Take(frame, toServer);
            if (wait is RequestWait.Analysis or RequestWait.Catalogue or RequestWait.Replies) return Step(position, wait);
            position += length;
            if (wait is RequestWait.End)
                return Violation is null
                    ? new RequestStep(position, wait, _wakesReplies, SessionEnd.ClientTerminated)
                    : new RequestStep(position, wait, _wakesReplies, SessionEnd.ClientViolation);
        }
    }

    /// <summary>Reads the text that <c>Take</c> stopped at, on a thread with a big stack.</summary>
    public async Task AnalyseAsync(CancellationToken cancellationToken) =>
        _awaited = await frontEnd.AnalyseAsync(_awaitedText, cancellationToken);

    private RequestWait Take(in RequestFrame frame, Outbound toServer)
    {
        // PostgreSQL 14 and later end the connection, too (13 reports an error and takes the message for the end of the COPY).
        if (ledger.IsCopyIn && !IsAllowedInCopy(frame.Type)) return End($"message type 0x{frame.Type:x2} during COPY FROM STDIN");
        switch (gate?.OfMessage(frame.Type) ?? RequestVerdict.Pass)
        {
            case RequestVerdict.Spent:
                return Spend(toServer);
            case RequestVerdict.AwaitReplies:
                toServer.Insert(PostgresRefusal.Flush);
                return RequestWait.Replies;
            default:
                break;
        }

        if (frame.Type is FrontendCode.Query or FrontendCode.Parse or FrontendCode.Bind or FrontendCode.Execute) _copies.Forget();
        if (ledger.OwesAbort && frame.Type is not FrontendCode.Terminate) AnswerCuts.PayAbort(ledger, toServer);
        switch (frame.Type)
        {
            case FrontendCode.Query:
                return TakeQuery(frame, toServer);
            case FrontendCode.Parse:
                return TakeParse(frame, toServer);
            case FrontendCode.Bind:
                return Continue(_extended.TakeBind(frame, toServer), toServer);
            case FrontendCode.Describe:
                return Continue(_extended.TakeDescribe(frame, toServer), toServer);
            case FrontendCode.Execute:
                return Continue(_extended.TakeExecute(frame, toServer), toServer);
            case FrontendCode.Close:
                return Continue(_extended.TakeClose(frame, toServer), toServer);
            case FrontendCode.Sync:
                return Continue(_extended.TakeSync(frame, toServer), toServer);
            case FrontendCode.Flush:
                _extended.TakeFlush(frame, toServer);
                return RequestWait.Bytes;
            case FrontendCode.CopyData:
                _copies.TakeData(frame, toServer);
                return RequestWait.Bytes;
            case FrontendCode.CopyDone or FrontendCode.CopyFail:
                _copies.TakeEnd(frame, toServer);
                return RequestWait.Bytes;
            case FrontendCode.FunctionCall:
                RefuseWhole(Refusals.FunctionCallRefused.Because("FunctionCall message"), toServer);
                return RequestWait.Bytes;
            case FrontendCode.Terminate:
                HasTerminated = true;
                toServer.Forward(frame.Start, frame.Length);
                return RequestWait.End;
            default:
                return End($"message type 0x{frame.Type:x2} is not expected");
        }
    }

    private static bool IsAllowedInCopy(byte type) =>
        type is FrontendCode.CopyData or FrontendCode.CopyDone or FrontendCode.CopyFail or FrontendCode.Sync or FrontendCode.Flush or FrontendCode.Terminate;

    private RequestWait TakeQuery(in RequestFrame frame, Outbound toServer)
    {
        if (!Query.TryDecode(frame.Body, out var query)) return End("malformed Query");
        using (ledger.Gate.EnterScope())
            if (ledger.IsDiscarding) return RequestWait.Bytes; // The server ignores a Query, too, until it sees a Sync.
        var began = recorder.Now();
        if (!TryAnalyse(query.Text, out var analysis)) return RequestWait.Analysis;
        if (MustAwaitReplies(analysis))
        {
            toServer.Insert(PostgresRefusal.Flush);
            return RequestWait.Replies;
        }

        if (gate?.OfText(analysis) is RequestVerdict.Spent) return Spend(toServer);
        var judgement = judge.Judge(analysis, _names);
        if (_doubt.MustWait(judgement)) return RequestWait.Catalogue;
        if (judgement.AsksServer && MayBeSkipping())
        {
            toServer.Insert(PostgresRefusal.Flush);
            return RequestWait.Replies;
        }

        var decision = judgement.Decision;
        var isRecorded = recorder.TryIntent(judgement, query.Text, isParse: false, name: default, out var intent);
        recorder.Decided(began);
        if (!isRecorded)
        {
            RefuseWhole(Refusals.JournalUnavailable.Because("no room"), toServer);
            return RequestWait.Bytes;
        }

        if (analysis.Status is AnalysisStatus.SyntaxError || judgement.AsksServer)
        {
            Probe(query.Text, intent, judgement, toServer);
            return RequestWait.Bytes;
        }

        if (!decision.IsForwarded)
        {
            recorder.Refused(intent, decision);
            RefuseWhole(RefusalOf(decision), toServer);
            return RequestWait.Bytes;
        }

        if (_budget.Admit(judgement) is { } spent)
        {
            recorder.Refused(intent, decision with { Verdict = Verdict.Refuse, Refusal = spent });
            RefuseWhole(spent, toServer);
            return RequestWait.Bytes;
        }

        var (statements, portals) = PostgresLedger.AddedBy(analysis);
        using (ledger.Gate.EnterScope())
        {
            if (ledger.IsDiscarding)
            {
                recorder.Skipped(intent);
                return RequestWait.Bytes;
            }

            if (!ledger.HasRoomFor(statements, portals, limits))
            {
                recorder.Skipped(intent);
                RefuseWholeLocked(Refusals.TooManyStatements.Because("the limit on prepared statements or portals"), toServer);
                return RequestWait.Bytes;
            }

            var entry = ledger.ExpectAdding(PendingKind.Query, statements, portals, PostgresLedger.ChangesNames(analysis));
            entry.Judgement = judgement;
            entry.Record = intent;
            entry.StartedAt = recorder.Now();
            ledger.NoteRelationChanges(entry, judgement);
            ledger.HasReachedServer = false; // A Query ends with ReadyForQuery of its own.
            if (GatewayShow.Of(analysis) is { } show) toServer.Insert(show.Query);
            else toServer.Forward(frame.Start, frame.Length);
            gate?.Forwarded(analysis, isQuery: true);
        }

        return RequestWait.Bytes;
    }

    private RequestWait TakeParse(in RequestFrame frame, Outbound toServer)
    {
        if (!Parse.TryDecode(frame.Body, out var parse)) return End("malformed Parse");
        if (parse.Name.StartsWith(PostgresRefusal.ReservedPrefix)) return End("a name begins with phigate_");
        using (ledger.Gate.EnterScope())
            if (ledger.IsDiscarding) return RequestWait.Bytes;
        if (!TryAnalyse(parse.Text, out var analysis)) return RequestWait.Analysis;
        return Continue(_extended.TakeParse(frame, parse, analysis, toServer), toServer);
    }

    /// <summary>
    /// Whether the text cannot be judged before replies under way have come: what EXECUTE and FETCH would run and
    /// which relations names mean depends on them, and a probe of
    /// a text that our grammar rejects needs a Sync of its own, which must not end what an earlier error makes the server skip.
    /// </summary>
    private bool MustAwaitReplies(StatementAnalysis analysis)
    {
        using var scope = ledger.Gate.EnterScope();
        return analysis.Status is AnalysisStatus.SyntaxError ? ledger.MayBeSkipping : _names.IsUncertain(analysis);
    }

    private bool MayBeSkipping()
    {
        using var scope = ledger.Gate.EnterScope();
        return ledger.MayBeSkipping;
    }

    /// <summary>
    /// Our grammar rejects the text, or our catalogue its names; the server's opinion, in its own words, is what the client should read. So the server is asked to parse it,
    /// which runs nothing; should it accept, the message behind fails and its error becomes the refusal.
    /// </summary>
    private void Probe(ReadOnlySpan<byte> text, long intent, Judgement judgement, Outbound toServer)
    {
        using var scope = ledger.Gate.EnterScope();
        if (ledger.IsDiscarding)
        {
            recorder.Skipped(intent);
            return;
        }

        toServer.Insert(new MessageWriter().Begin(FrontendCode.Parse).Byte(0).CString(text).Int16(0).End().ToArray());
        var probe = ledger.Expect(PendingKind.Parse);
        probe.IsHidden = true;
        probe.Judgement = judgement;
        probe.Name = ObjectName.Unnamed;
        probe.Record = intent;
        probe.StartedAt = recorder.Now();
        probe.Statement = new PreparedStatement { Name = ObjectName.Unnamed, Analysis = null, Intent = intent };
        ExpectFailure(RefusalOf(judgement.Decision), toServer);
        ExpectSync(toServer);
    }

    /// <summary>Refuses a message that is answered by an error and ReadyForQuery.</summary>
    private void RefuseWhole(Refusal refusal, Outbound toServer)
    {
        using var scope = ledger.Gate.EnterScope();
        if (!ledger.IsDiscarding) RefuseWholeLocked(refusal, toServer);
    }

    private void RefuseWholeLocked(Refusal refusal, Outbound toServer)
    {
        recorder.Count(refusal);
        if (ledger.IsServerIdle)
        {
            ledger.Expect(PendingKind.Local).Answer = PostgresRefusal.ErrorAndReady(refusal);
            _wakesReplies = true;
            return;
        }

        toServer.Insert(PostgresRefusal.FailingCall);
        ledger.Expect(PendingKind.RefusedQuery).Answer = PostgresRefusal.Error(refusal);
        ledger.HasReachedServer = false; // Like a Query, it ends with ReadyForQuery of its own.
    }

    private void ExpectFailure(Refusal refusal, Outbound toServer)
    {
        toServer.Insert(PostgresRefusal.FailingExecute);
        ledger.Expect(PendingKind.Refused).Answer = PostgresRefusal.Error(refusal);
    }

    private void ExpectSync(Outbound toServer)
    {
        toServer.Insert(PostgresRefusal.Sync);
        ledger.Expect(PendingKind.Sync);
        ledger.EndSegment();
    }

    /// <summary>Refuses a message that is too large to be looked at, without reading it. Returns what to end the session with, or null when the session goes on.</summary>
    private string? RefuseOversized(byte type, Outbound toServer)
    {
        var refusal = Refusals.StatementTooLong.Because($"a message is over {limits.MessageBytesMax} bytes");
        switch (type)
        {
            case FrontendCode.Query or FrontendCode.FunctionCall:
                RefuseWhole(refusal, toServer);
                return null;
            case FrontendCode.Parse or FrontendCode.Bind:
                _wakesReplies |= _extended.Refuse(refusal, toServer);
                return null;
            default:
                return $"message type 0x{type:x2} is too long";
        }
    }

    private bool TryAnalyse(ReadOnlySpan<byte> text, out StatementAnalysis analysis)
    {
        // The frame it was made for may have been swallowed since, because an error came: then this is another text.
        var awaited = _awaited is not null && text.SequenceEqual(_awaitedText) ? _awaited : null;
        _awaited = null;
        _awaitedText = null;
        if (awaited is not null)
        {
            analysis = awaited;
            return true;
        }

        if (frontEnd.TryAnalyse(text, out analysis)) return true;
        _awaitedText = text.ToArray(); // The frame stays where it is, but a span cannot wait.
        return false;
    }

    /// <summary>
    /// A second request of a session that was for one: neither it nor anything behind it is taken. What is under way is answered first; a batch
    /// that lacks its Sync is not committed by us, since its client meant it to succeed or fail as a whole.
    /// </summary>
    private RequestWait Spend(Outbound toServer)
    {
        using var scope = ledger.Gate.EnterScope();
        if (ledger.HasReachedServer) toServer.Insert(PostgresRefusal.Flush);
        if (ledger.Ending is SessionEnd.None) ledger.Ending = SessionEnd.Spent;
        ledger.TakesNoMore = true;
        _wakesReplies = true;
        return RequestWait.Replies;
    }

    private RequestStep TakeNoMore(int position)
    {
        using var scope = ledger.Gate.EnterScope();
        return ledger.Pending.Count > 0
            ? Step(position, RequestWait.Replies)
            : new RequestStep(position, RequestWait.End, _wakesReplies, ledger.Ending);
    }

    private RequestWait Continue(RequestOutcome outcome, Outbound toServer)
    {
        if (outcome.IsSpent) return Spend(toServer);
        _wakesReplies |= outcome.WakesReplies;
        return outcome.Violation is null ? outcome.Wait : End(outcome.Violation);
    }

    private RequestWait End(string violation)
    {
        Violation = violation;
        return RequestWait.End;
    }

    private RequestStep Step(int consumed, RequestWait wait) => new(consumed, wait, _wakesReplies, SessionEnd.None);

    private RequestStep Violate(int consumed, string violation)
    {
        Violation = violation;
        return new RequestStep(consumed, RequestWait.End, _wakesReplies, SessionEnd.ClientViolation);
    }

    /// <summary>A decision that does not forward always has a refusal; one without is a fault of ours and still refuses.</summary>
    internal static Refusal RefusalOf(Decision decision) => decision.Refusal ?? Refusals.InternalFault.Because("a decision without a reason");
}
