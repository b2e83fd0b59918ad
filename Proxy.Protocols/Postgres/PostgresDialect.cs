using System.Text;
using Proxy.Core.Journal;
using Proxy.Core.Journal.Answers;
using Proxy.Core.Journal.Subjects;
using Proxy.Core.Policy;
using Proxy.Core.Sql;
using Proxy.Protocols.Buffers;
using Proxy.Protocols.Postgres.Shows;

namespace Proxy.Protocols.Postgres;

/// <summary>One PostgreSQL session after start-up: requests, replies, and the ledger they share.</summary>
public sealed class PostgresDialect : IDialect, IDisposable
{
    private readonly IStatementJudge _judge;
    private readonly PostgresLedger _ledger;
    private readonly PostgresRowMasking _masking = new();
    private readonly PostgresRequests _requests;
    private readonly PostgresReplyTable _table;
    private readonly PostgresReplies _replies;
    private readonly SessionRecorder _recorder;
    private readonly AnswerCapture _answers;
    private readonly SubjectRows _subjects;
    private readonly Limits _limits;
    private Refusal? _ending;
    private long _requestSteps;
    private long _replySteps;
    private long _seenSteps;

    /// <param name="sessionId">Names the session in the record.</param>
    /// <param name="frontEnd">Reads texts.</param>
    /// <param name="judge">Decides on them.</param>
    /// <param name="journal">Keeps the record.</param>
    /// <param name="greeting">What the server said at login.</param>
    /// <param name="limits">What the session may ask for.</param>
    /// <param name="time">The clock.</param>
    /// <param name="answers">What is kept of answers.</param>
    /// <param name="isForOneRequest">Whether the session ends with its first request.</param>
    /// <param name="subjects">Collects whose rows answers hold; null where nobody asks.</param>
    /// <param name="cancelAtServer">Tells the server to give up what it does for this session; without, answers that are cut are read to their end.</param>
    public PostgresDialect(
        Guid sessionId, ISqlFrontEnd frontEnd, IStatementJudge judge, IJournal journal, ServerGreeting greeting, Limits limits, TimeProvider time,
        AnswerPolicy? answers = null, bool isForOneRequest = false, SubjectCollector? subjects = null, Func<Task>? cancelAtServer = null)
    {
        _limits = limits;
        _answers = new AnswerCapture(journal, sessionId, answers ?? new AnswerPolicy());
        _recorder = new SessionRecorder(journal, sessionId, _answers, time, subjects, judge.Budget);
        _subjects = new SubjectRows(subjects);
        _ledger = new PostgresLedger(limits.PendingRepliesMax, _recorder) { Judge = judge };
        var asides = new PostgresAsides(
            greeting.Parameters.GetValueOrDefault("application_name", ""), greeting.Parameters.GetValueOrDefault("DateStyle", ""));
        _requests = new PostgresRequests(_ledger, frontEnd, judge, _recorder, limits, isForOneRequest ? new OneRequestGate(_ledger) : null);
        var cuts = new AnswerCuts(_ledger, _recorder, judge.Budget, cancelAtServer);
        _table = new PostgresReplyTable(_ledger, _recorder, asides, new GatewayShowAnswers(judge), new OutdatedAnswers(judge), cuts);
        _judge = judge;
        _replies = new PostgresReplies(_table, _masking, asides, _subjects, limits, new RowBudget(judge.Budget), cuts);
    }

    /// <summary>What was wrong, when the session ended by a violation; holds nothing that was sent.</summary>
    public string? Violation => _requests.Violation ?? _table.Violation;

    /// <summary>Why somebody should look at this session; null where nobody need.</summary>
    public string? Alarm { get; private set; }

    /// <summary>The names that the server has confirmed, for tests that ask the server the same.</summary>
    public (IReadOnlyList<string> Statements, IReadOnlyList<string> Portals) ConfirmedNames()
    {
        using var scope = _ledger.Gate.EnterScope();
        return ([.. _ledger.Names.StatementNames.Select(Encoding.UTF8.GetString)], [.. _ledger.Names.PortalNames.Select(Encoding.UTF8.GetString)]);
    }

    public RequestStep TakeRequests(Memory<byte> received, Outbound toServer)
    {
        _requestSteps++;
        var step = _requests.Take(received, toServer);
        var isStuck = _recorder.RepeatedRefusals >= _limits.RepeatedRefusalsMax;
        if (_recorder.RefusalCount < _limits.RefusalsMax && !isStuck) return step;
        if (_ending is null)
        {
            Alarm = isStuck ? $"the same refusal {_recorder.RepeatedRefusals} times in a row" : $"{_limits.RefusalsMax} refusals";
            EndWhenIdle(Refusals.TooManyRefusals.Because(Alarm));
        }

        // One that hides in a transaction block gets as many again, and is then ended where it stands.
        return _recorder.RefusalCount >= 2L * _limits.RefusalsMax && step.Wait is not RequestWait.End
            ? step with { Wait = RequestWait.End, End = SessionEnd.Drained }
            : step;
    }

    public ValueTask<bool> RecordedAsync(CancellationToken cancellationToken) => _recorder.WhenDurableAsync(cancellationToken);

    public Task AwaitAsync(RequestWait wait, CancellationToken cancellationToken) => wait switch
    {
        RequestWait.Analysis => _requests.AnalyseAsync(cancellationToken),
        RequestWait.Cancel => _ledger.Cancelling.WaitAsync(cancellationToken),
        _ => _ledger.WhenEmptyAsync().WaitAsync(cancellationToken),
    };

    public Task RefreshAsync(CancellationToken cancellationToken) => _judge.RefreshAsync(cancellationToken);

    public ReplyStep TakeReplies(Memory<byte> received, Outbound toClient)
    {
        if (!received.IsEmpty) _replySteps++;
        toClient.BeginTap(_answers);
        var step = _replies.Take(received, toClient);
        toClient.EndTap();
        return step;
    }

    /// <summary>Whether anything has moved since the last call, or a statement is running. For one caller, which decides by it whether the session is idle.</summary>
    public bool TakeActivity()
    {
        var steps = Volatile.Read(ref _requestSteps) + Volatile.Read(ref _replySteps);
        var hasMoved = steps != _seenSteps;
        _seenSteps = steps;
        using var scope = _ledger.Gate.EnterScope();
        return hasMoved || _ledger.IsBusy;
    }

    /// <summary>Ends the session with this refusal as soon as it is between transactions. The caller wakes the reply relay.</summary>
    public void EndWhenIdle(Refusal refusal)
    {
        using var scope = _ledger.Gate.EnterScope();
        if (_ledger.TakesNoMore) return; // It is ending for a stronger reason.
        _ending = refusal;
        _ledger.Ending = refusal.Code == Refusals.TokenExpiredInSession.Code ? SessionEnd.Expired
            : refusal.Code == Refusals.DeadlinePassed.Code ? SessionEnd.TimedOut
            : SessionEnd.Drained;
    }

    /// <summary>
    /// From now on no request is forwarded, also inside a transaction; what the server is doing may finish, and then the session ends with this
    /// refusal. The caller wakes the reply relay. A frame whose turn came at the same moment may still be sent: the session's end is the proof.
    /// </summary>
    public void TakeNoMore(Refusal refusal)
    {
        using var scope = _ledger.Gate.EnterScope();
        _ending = refusal;
        _ledger.Ending = SessionEnd.Revoked;
        _ledger.TakesNoMore = true;
    }

    /// <summary>Whether requests are no longer taken.</summary>
    public bool TakesNoMore => _ledger.TakesNoMore;

    public ReadOnlyMemory<byte> FarewellFor(SessionEnd end)
    {
        if (_replies.IsInMessage || _requests.HasTerminated) return default;
        var refusal = end switch
        {
            SessionEnd.Spent => Refusals.RequestSpent.Because("one transaction, or one statement outside of one"),
            SessionEnd.Drained or SessionEnd.Expired or SessionEnd.TimedOut or SessionEnd.Revoked or SessionEnd.Cancelled => _ending ?? Refusals.Drain.Because("the session was closed"),
            SessionEnd.ClientViolation => Refusals.ProtocolViolation.Because(Violation ?? "the client broke the protocol"),
            SessionEnd.ServerViolation => Refusals.ServerUnavailable.Because("the server sent what was not expected"),
            SessionEnd.StateUncertain => Refusals.SessionStateUncertain.Because(Violation ?? "it cannot be told how statements would be read"),
            SessionEnd.ServerClosed => Refusals.ServerUnavailable.Because("the server closed the connection"),
            SessionEnd.JournalUnavailable => Refusals.JournalUnavailable.Because("the record is not on the disk"),
            SessionEnd.Fault => Refusals.InternalFault.Because("see the log"),
            _ => null,
        };
        return refusal is null ? default : PostgresRefusal.Fatal(refusal);
    }

    public void Close(SessionEnd end)
    {
        using (_ledger.Gate.EnterScope())
            for (var i = 0; i < _ledger.Pending.Count; i++)
                _recorder.Unknown(_ledger.Pending[i]);
        using (_ledger.Gate.EnterScope())
        {
            _ledger.Names.Clear();
            _judge.Settle(isInTransaction: false);
        }
    }

    /// <summary>Writes the last record of the session.</summary>
    public void RecordClosed(string reason, long bytesFromClient, long bytesToClient) => _recorder.Closed(reason, bytesFromClient, bytesToClient);

    public void Dispose()
    {
        _masking.Dispose();
        _subjects.Dispose();
        _answers.Dispose();
    }
}
