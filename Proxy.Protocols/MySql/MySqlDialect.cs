using Proxy.Core.Journal;
using Proxy.Core.Journal.Answers;
using Proxy.Core.Journal.Subjects;
using Proxy.Core.Policy;
using Proxy.Core.Sql;
using Proxy.Protocols.Buffers;
using Proxy.Protocols.MySql.Messages;

namespace Proxy.Protocols.MySql;

/// <summary>One MySQL session after start-up: requests, replies, and the ledger they share.</summary>
internal sealed class MySqlDialect : IDialect, IDisposable
{
    private readonly IStatementJudge _judge;
    private readonly MySqlLedger _ledger;
    private readonly MySqlRowMasking _masking = new();
    private readonly MySqlRequests _requests;
    private readonly MySqlReplyTable _table;
    private readonly MySqlReplies _replies;
    private readonly SessionRecorder _recorder;
    private readonly AnswerCapture _answers;
    private readonly RefusalLimit _refusals;
    private long _requestSteps;
    private long _replySteps;
    private long _seenSteps;

    /// <param name="sessionId">Names the session in the record.</param>
    /// <param name="facts">What was agreed on.</param>
    /// <param name="frontEnd">Reads texts, as this server does in this session.</param>
    /// <param name="judge">Decides on them.</param>
    /// <param name="journal">Keeps the record.</param>
    /// <param name="status">What the server said at the end of the login.</param>
    /// <param name="limits">What the session may ask for.</param>
    /// <param name="time">The clock.</param>
    /// <param name="answers">What is kept of answers.</param>
    /// <param name="subjects">Collects whose rows answers hold; null where nobody asks.</param>
    /// <param name="isForOneRequest">Whether the session ends with its first request.</param>
    public MySqlDialect(
        Guid sessionId, MySqlSessionFacts facts, ISqlFrontEnd frontEnd, IStatementJudge judge, IJournal journal, ServerStatus status, Limits limits,
        TimeProvider time, AnswerPolicy? answers = null, SubjectCollector? subjects = null, bool isForOneRequest = false)
    {
        _judge = judge;
        _answers = new AnswerCapture(journal, sessionId, answers ?? new AnswerPolicy(), findsRows: false);
        _recorder = new SessionRecorder(journal, sessionId, _answers, time, subjects, judge.Budget);
        _ledger = new MySqlLedger(limits.PendingRepliesMax, status) { Judge = judge };
        _ledger.Relations.Use(facts.Database);
        _refusals = new RefusalLimit(_recorder, limits, _ledger.EndWhenIdle);
        _requests = new MySqlRequests(_ledger, facts, frontEnd, judge, _recorder, limits, isForOneRequest ? new OneRequestGate(_ledger) : null);
        _table = new MySqlReplyTable(_ledger, facts, _recorder, new OutdatedAnswers(judge));
        _replies = new MySqlReplies(_table, _masking, new MySqlSubjectRows(subjects), facts, limits, new AnswerCuts(_recorder, judge.Budget));
    }

    /// <summary>What was wrong, when the session ended by a violation; holds nothing that was sent.</summary>
    public string? Violation => _requests.Violation ?? _table.Violation;

    /// <summary>Why somebody should look at this session; null where nobody need.</summary>
    public string? Alarm => _refusals.Alarm;

    /// <summary>Whom the client wants to be, when the session ended for that.</summary>
    public ChangeUser? ChangeUser => _requests.ChangeUser;

    /// <summary>What the ledger believes of the server, for tests that compare: the numbers of its prepared statements, and whether a transaction may be open.</summary>
    public (IReadOnlyList<uint> Statements, bool IsInTransaction) Believed()
    {
        using var scope = _ledger.Gate.EnterScope();
        return ([.. _ledger.Statements.Ids], _ledger.IsInTransaction);
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

    public bool HasSaidGoodbye => _requests.HasTerminated || _requests.ChangeUser is not null;

    public ReadOnlyMemory<byte> FarewellFor(SessionEnd end)
    {
        // Of one request, the second was told so in the place of its answer.
        if (_replies.IsInMessage || _requests.HasTerminated || end is SessionEnd.Spent) return default;
        if (_ledger.LastWords(end, Violation) is not { } refusal) return default;
        using var scope = _ledger.Gate.EnterScope();
        // To whoever waits for an answer it is the rest of that. Otherwise it will be read as the answer to what comes next, as a server's own last words are.
        return _requests.IsOutOfOrder ? MySqlRefusal.OutOfOrder(1) : MySqlRefusal.Error(refusal, _ledger.NextSequence);
    }

    public void Close(SessionEnd end)
    {
        using var scope = _ledger.Gate.EnterScope();
        for (var i = 0; i < _ledger.Pending.Count; i++)
            _table.Unknown(_ledger.Pending[i]);
        _judge.Settle(isInTransaction: false);
    }

    /// <summary>Writes the last record of the session.</summary>
    public void RecordClosed(string reason, long bytesFromClient, long bytesToClient) => _recorder.Closed(reason, bytesFromClient, bytesToClient);

    public void Dispose() => _answers.Dispose();
}
