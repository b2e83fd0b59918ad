using Proxy.Core.Journal;
using Proxy.Core.Journal.Records;
using Proxy.Core.Journal.Subjects;
using Proxy.Core.Masking;
using Proxy.Core.Policy;
using Proxy.Core.Policy.Budgets;
using Proxy.Protocols.Buffers;
using Proxy.Protocols.Postgres;
using Proxy.Protocols.Postgres.Messages;

namespace Proxy.Protocols;

/// <summary>
/// Writes one session into the journal. An intent that cannot be written means that nothing is forwarded; an outcome that cannot be written
/// leaves its statement with an unknown outcome, which the journal's reader reports as a finding.
/// </summary>
internal sealed class SessionRecorder(
    IJournal journal, Guid sessionId, AnswerCapture answers, TimeProvider time, SubjectCollector? subjects = null, SessionBudget? budget = null)
{
    private readonly PendingOutcome _pending = new();
    private long _statements;
    private long _undurable;
    private string _lastRefusal = "";

    public long Statements => Volatile.Read(ref _statements);

    public long Rows { get; private set; }

    /// <summary>Statements that were refused.</summary>
    public int RefusalCount { get; private set; }

    /// <summary>How often the last refusal's reason came in a row, with nothing that ran in between.</summary>
    public int RepeatedRefusals { get; private set; }

    public long Now() => time.GetTimestamp();

    /// <summary>Waits until every intent so far is as durable as policy wants it before its statement is forwarded. For the request relay.</summary>
    public ValueTask<bool> WhenDurableAsync(CancellationToken cancellationToken)
    {
        if (_undurable == 0) return new ValueTask<bool>(true);
        var number = _undurable;
        _undurable = 0;
        return journal.WhenDurableAsync(number, cancellationToken);
    }

    public bool TryIntent(Judgement judgement, ReadOnlySpan<byte> text, bool isParse, ReadOnlySpan<byte> name, out long number)
    {
        var decision = judgement.Decision;
        var isRecorded = journal.TryAppend(
            new IntentRecord
            {
                SessionId = sessionId,
                StatementNumber = Interlocked.Increment(ref _statements),
                Phase = isParse ? IntentPhase.Parse : IntentPhase.SimpleQuery,
                StatementName = name,
                Text = text,
                Fingerprint = judgement.Analysis.Fingerprint,
                Risk = decision.Risk,
                Relations = judgement.Touched.Names.AsSpan(),
                Classes = judgement.Touched.Classes,
                Verdict = decision.Verdict,
                Rule = decision.Rule,
                Profile = decision.Profile,
                PolicyVersion = judgement.PolicyVersion,
                CatalogueVersion = judgement.CatalogueVersion,
            },
            out number);
        if (isRecorded) _undurable = number;
        return isRecorded;
    }

    public bool TryExecution(Judgement judgement, long intent, in Bind bind, ReadOnlySpan<byte> forwarded, out long number) =>
        TryExecution(judgement, intent, bind.Portal, bind.Parameters, forwarded, bind.ResultFormats, out number);

    /// <param name="judgement">By which it is decided.</param>
    /// <param name="intent">The record that holds the text.</param>
    /// <param name="portal">Its name, where the protocol has portals.</param>
    /// <param name="parameters">As the protocol's decoder of records reads them.</param>
    /// <param name="forwarded">The same as they go on, where they were changed.</param>
    /// <param name="resultFormats">Where the client chooses them.</param>
    /// <param name="number">Of the record.</param>
    public bool TryExecution(
        Judgement judgement, long intent, ReadOnlySpan<byte> portal, ReadOnlySpan<byte> parameters, ReadOnlySpan<byte> forwarded,
        ReadOnlySpan<byte> resultFormats, out long number)
    {
        var decision = judgement.Decision;
        var isRecorded = journal.TryAppend(
            new ExecutionRecord
            {
                SessionId = sessionId,
                StatementNumber = Interlocked.Increment(ref _statements),
                IntentNumber = intent,
                PortalName = portal,
                Parameters = parameters,
                ForwardedParameters = forwarded,
                ResultFormats = resultFormats,
                Verdict = decision.Verdict,
                Rule = decision.Rule,
                Profile = decision.Profile,
                PolicyVersion = judgement.PolicyVersion,
                CatalogueVersion = judgement.CatalogueVersion,
            },
            out number);
        if (isRecorded) _undurable = number;
        return isRecorded;
    }

    /// <summary>A session of the same identity is about to be cancelled from this one.</summary>
    public bool TryCancelled(Guid cancelled)
    {
        var isRecorded = journal.TryAppend(new CancelledRecord { SessionId = cancelled, FromAddress = sessionId.ToString() }, out var number);
        if (isRecorded) _undurable = number;
        return isRecorded;
    }

    /// <summary>A refusal goes to the client, whether or not a record says so.</summary>
    public void Count(Refusal refusal)
    {
        RefusalCount++;
        RepeatedRefusals = refusal.Code == _lastRefusal ? RepeatedRefusals + 1 : 1;
        _lastRefusal = refusal.Code;
        budget?.Refused(refusal);
        ProtocolMetrics.Refusals.Add(1, new KeyValuePair<string, object?>("code", refusal.Code));
    }

    public void Refused(long record, Decision decision)
    {
        var refusal = PostgresRequests.RefusalOf(decision);
        journal.TryAppend(
            new RefusedRecord
            {
                SessionId = sessionId,
                IntentNumber = record,
                Code = refusal.Code,
                SqlState = refusal.SqlState,
                Rule = decision.Rule,
                Risk = decision.Risk,
            },
            out _);
    }

    public void Parsed(PendingReply reply)
    {
        if (reply.Record != 0) Append(reply, reply.Record, OutcomeStatus.Completed, "PARSE"u8, default);
    }

    /// <summary>A statement has been read, judged and recorded since then.</summary>
    public void Decided(long since) => ProtocolMetrics.DecisionSeconds.Record(time.GetElapsedTime(since).TotalSeconds);

    public void Completed(PendingReply reply, ReadOnlySpan<byte> tag)
    {
        Progressed(reply.Judgement);
        Append(reply, reply.Record, OutcomeStatus.Completed, tag, default);
    }

    /// <summary>A statement has run: refusals behind it are not in a row with those before. BEGIN and ROLLBACK around the same refusal are no progress.</summary>
    public void Progressed(Judgement? judgement)
    {
        if (judgement is { Decision.Risk: not RiskClasses.Session }) RepeatedRefusals = 0;
    }

    public void Suspended(PendingReply reply) => Append(reply, reply.Record, OutcomeStatus.Suspended, default, default);

    public void Failed(PendingReply reply, ReadOnlySpan<byte> sqlState)
    {
        if (reply.Record != 0) Append(reply, reply.Record, OutcomeStatus.Failed, default, sqlState);
    }

    /// <summary>The client's batch failed before this message could be sent on.</summary>
    public void Skipped(long record) =>
        journal.TryAppend(new OutcomeRecord { SessionId = sessionId, Statement = record, Status = OutcomeStatus.Skipped }, out _);

    /// <summary>The server skipped it. The Bind and the Execute of one execution share a record, and it is settled once.</summary>
    public void SkippedBehindError(PendingReply reply)
    {
        if (reply.Portal is not null) return; // The portal owes the outcome, and pays when it is let go.
        if (reply.Record != 0) Skipped(reply.Record);
    }

    /// <summary>The connection ended before the reply came: it may have run.</summary>
    public void Unknown(PendingReply reply)
    {
        if (reply is { Record: not 0, Kind: PendingKind.Query or PendingKind.Execute or PendingKind.Bind })
            Append(reply, reply.Record, OutcomeStatus.Unknown, default, default);
    }

    /// <summary>What is to be sent is shown to the capture under the statement that it answers.</summary>
    public void Attribute(PendingReply? head, Outbound toClient) => Attribute(head?.Judgement ?? head?.Portal?.Judgement, toClient);

    public void Attribute(Judgement? judgement, Outbound toClient)
    {
        if (!answers.IsOtherThan(judgement)) return;
        toClient.ShowTap();
        answers.Attribute(judgement);
    }

    /// <summary>A row is about to be put into what is sent, in a protocol whose rows are not found in the bytes.</summary>
    public void CountRow(long row, Outbound toClient)
    {
        if (!answers.IsFirstBeyond(row)) return;
        toClient.ShowTap();
        answers.EndRows();
    }

    /// <summary>After a reply was put into what is sent: writes the outcome that it brought, and the answer up to there.</summary>
    public void Conclude(Outbound toClient)
    {
        if (!_pending.IsSet) return;
        toClient.ShowTap();
        journal.TryAppend(_pending.With(sessionId, answers), out _);
        _pending.Clear();
        answers.Clear();
    }

    public void Closed(string reason, long bytesFromClient, long bytesToClient)
    {
        answers.Save();
        journal.TryAppend(
            new SessionClosedRecord
            {
                SessionId = sessionId,
                Reason = reason,
                Statements = Statements,
                Rows = Rows,
                BytesFromClient = bytesFromClient,
                BytesToClient = bytesToClient,
            },
            out _);
    }

    private void Append(PendingReply reply, long record, OutcomeStatus status, ReadOnlySpan<byte> tag, ReadOnlySpan<byte> sqlState)
    {
        if (reply.Portal is { } portal) portal.OwesOutcome = false;
        var rows = reply.Rows > 0 ? reply.Rows : CommandTag.Rows(tag);
        Append(new AnsweredStatement(record, reply.StartedAt, reply.Rows, rows, reply.Bytes, MaskedColumns(reply)), status, tag, sqlState);
    }

    /// <summary>Writes how a statement ended, with its answer once that is complete.</summary>
    public void Append(in AnsweredStatement answered, OutcomeStatus status, ReadOnlySpan<byte> tag, ReadOnlySpan<byte> sqlState)
    {
        var isWhole = subjects is null || subjects.Conclude(journal, sessionId, answered.Record);
        Rows += answered.RowsSent;
        var elapsed = answered.StartedAt == 0 ? TimeSpan.Zero : time.GetElapsedTime(answered.StartedAt);
        ProtocolMetrics.Statements.Add(1);
        ProtocolMetrics.StatementSeconds.Record(elapsed.TotalSeconds);
        if (answered.RowsSent > 0) ProtocolMetrics.Rows.Add(answered.RowsSent);
        if (answered.RowsSent > 0 && answered.MaskedColumns != 0) ProtocolMetrics.RowsMasked.Add(answered.RowsSent);
        if (!isWhole) return; // Without an outcome the statement is a finding, and nobody takes its disclosures for accounted for.
        // The reply itself is part of the answer, and is put into what is sent only after this.
        if (status is not OutcomeStatus.Unknown
            && _pending.TrySet(answered.Record, status, tag, sqlState, answered.Rows, answered.Bytes, answered.MaskedColumns, elapsed))
            return;
        journal.TryAppend(
            new OutcomeRecord
            {
                SessionId = sessionId,
                Statement = answered.Record,
                Status = status,
                CommandTag = tag,
                SqlState = sqlState,
                Rows = answered.Rows,
                Bytes = answered.Bytes,
                MaskedColumns = answered.MaskedColumns,
                ElapsedMicroseconds = (long)elapsed.TotalMicroseconds,
            },
            out _);
    }

    /// <summary>Columns of the answer that were not shown as they are; -1 when all were masked because nothing was known about them.</summary>
    private static int MaskedColumns(PendingReply reply)
    {
        var plan = reply.Kind is PendingKind.Query ? reply.Plan : reply.Portal?.Plan;
        if (plan is null) return reply.Rows == 0 ? 0 : MaskPlan.AnyColumnCount;
        if (plan.ShowsEverything || plan.ColumnCount == MaskPlan.AnyColumnCount) return plan.ShowsEverything ? 0 : MaskPlan.AnyColumnCount;
        var masked = 0;
        for (var i = 0; i < plan.ColumnCount; i++)
            if (plan[i].Kind is not MaskKind.Show)
                masked++;
        return masked;
    }
}
