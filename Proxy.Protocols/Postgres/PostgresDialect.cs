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
    private readonly RefusalLimit _refusals;
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
        _answers = new AnswerCapture(journal, sessionId, answers ?? new AnswerPolicy());
        _recorder = new SessionRecorder(journal, sessionId, _answers, time, subjects, judge.Budget);
        _subjects = new SubjectRows(subjects);
        _ledger = new PostgresLedger(limits.PendingRepliesMax, _recorder) { Judge = judge };
        _refusals = new RefusalLimit(_recorder, limits, _ledger.EndWhenIdle);
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
    public string? Alarm => _refusals.Alarm;

    /// <summary>The names that the server has confirmed, for tests that ask the server the same.</summary>
    public (IReadOnlyList<string> Statements, IReadOnlyList<string> Portals) ConfirmedNames()
    {
        using var scope = _ledger.Gate.EnterScope();
        return ([.. _ledger.Names.StatementNames.Select(Encoding.UTF8.GetString)], [.. _ledger.Names.PortalNames.Select(Encoding.UTF8.GetString)]);
    }

    public RequestStep TakeRequests(Memory<byte> received, Outbound toServer)
    {
        _requestSteps++;
        return _refusals.Check(_requests.Take(received, toServer), _ledger.IsEnding);
    }

    public ValueTask<bool> RecordedAsync(CancellationToken cancellationToken) => _recorder.WhenDurableAsync(cancellationToken);

    public Task AwaitAsync(RequestWait wait, CancellationToken cancellationToken) => wait switch
    {
        RequestWait.Analysis => _requests.AnalyseAsync(cancellationToken),
        RequestWait.Catalogue => RefreshAsync(cancellationToken),
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
    public void EndWhenIdle(Refusal refusal) => _ledger.EndWhenIdle(refusal);

    /// <summary>No request is forwarded any more, and the session ends with this refusal when what is under way has been answered. The caller wakes the reply relay.</summary>
    public void TakeNoMore(Refusal refusal) => _ledger.TakeNoMore(refusal);

    /// <summary>Whether requests are no longer taken.</summary>
    public bool TakesNoMore => _ledger.TakesNoMore;

    /// <summary>Whether an answer is owed: then the server may be at work.</summary>
    public bool OwesAnswer
    {
        get
        {
            using var scope = _ledger.Gate.EnterScope();
            return _ledger.Pending.Count > 0;
        }
    }

    public bool HasSaidGoodbye => _requests.HasTerminated;

    public ReadOnlyMemory<byte> FarewellFor(SessionEnd end)
    {
        if (_replies.IsInMessage || _requests.HasTerminated) return default;
        return _ledger.LastWords(end, Violation) is { } refusal ? PostgresRefusal.Fatal(refusal) : default;
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
