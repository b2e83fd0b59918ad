using Proxy.Core.Policy;
using Proxy.Core.Sql;
using Proxy.Protocols.Buffers;
using Proxy.Protocols.Postgres.Messages;
using Proxy.Protocols.Postgres.Shows;

namespace Proxy.Protocols.Postgres;

/// <summary>
/// Parse, Bind, Describe, Execute, Close, Flush and Sync. The decision is made at Bind, because planning already runs user code then; it is
/// made again at Execute if policy or catalogue moved on in between.
/// </summary>
internal sealed class PostgresExtendedRequests(
    PostgresLedger ledger, IStatementJudge judge, SessionRecorder recorder, Limits limits, OneRequestGate? gate)
{
    private static readonly byte[] DescribeUnnamedPortal =
        new MessageWriter().Begin(FrontendCode.Describe).Byte((byte)'P').Byte(0).End().ToArray();

    private readonly LedgerNames _names = new(ledger);
    private readonly NameDoubt _doubt = new();
    private readonly ParameterReview _parameters = new();
    private readonly BindBudget _budget = new(judge.Budget);

    public RequestOutcome TakeParse(in RequestFrame frame, in Parse parse, StatementAnalysis analysis, Outbound toServer)
    {
        if (parse.TypesOfUsers() is { IsEmpty: false } types) analysis = analysis.WithParameterTypes(types);
        var judgement = judge.Judge(analysis, _names);
        if (_doubt.MustWait(judgement)) return RequestOutcome.AwaitCatalogue;
        if (!recorder.TryIntent(judgement, parse.Text, isParse: true, parse.Name, out var intent))
            return Outcome(Refuse(Refusals.JournalUnavailable.Because("no room"), toServer));

        // What nobody could read must not reach the server at all. What was read but is refused may be parsed there, unless that runs code by itself: the
        // refusal comes at Bind.
        if (analysis.Status is not (AnalysisStatus.Read or AnalysisStatus.SyntaxError) || (!judgement.Decision.IsForwarded && !judgement.MayBeParsed))
        {
            recorder.Refused(intent, judgement.Decision);
            return Outcome(Refuse(PostgresRequests.RefusalOf(judgement.Decision), toServer));
        }

        using var scope = ledger.Gate.EnterScope();
        if (ledger.IsDiscarding)
        {
            recorder.Skipped(intent);
            return RequestOutcome.Done;
        }

        var added = parse.Name.IsEmpty ? 0 : 1;
        if (!ledger.HasRoomFor(added, portals: 0, limits))
        {
            recorder.Skipped(intent);
            return Outcome(RefuseLocked(Refusals.TooManyStatements.Because($"over {limits.PreparedStatementsMax} prepared statements"), toServer));
        }

        var name = ObjectName.Comparer.Create(parse.Name);
        var entry = ledger.ExpectAdding(PendingKind.Parse, added, portals: 0);
        entry.Name = name;
        entry.Record = intent;
        entry.Judgement = judgement;
        entry.Statement = new PreparedStatement { Name = name, Analysis = analysis, Intent = intent, Judgement = judgement };
        if (GatewayShow.Of(analysis) is { } show) Insert(show.ParseAs(parse.Name), toServer);
        else Forward(frame, toServer);
        return RequestOutcome.Done;
    }

    public RequestOutcome TakeBind(in RequestFrame frame, Outbound toServer)
    {
        if (!Bind.TryDecode(frame.Body, out var bind)) return RequestOutcome.Violates("malformed Bind");
        if (bind.Portal.StartsWith(PostgresRefusal.ReservedPrefix)) return RequestOutcome.Violates("a name begins with phigate_");
        if (bind.ParameterCount > limits.ParametersMax)
            return Outcome(Refuse(Refusals.TooManyParameters.Because($"{bind.ParameterCount}, the limit is {limits.ParametersMax}"), toServer));
        PreparedStatement? statement;
        using (ledger.Gate.EnterScope())
        {
            if (ledger.IsDiscarding) return RequestOutcome.Done;
            switch (ledger.FindStatement(bind.Statement, out statement))
            {
                case NameLookup.Uncertain:
                    return AwaitReplies(toServer);
                case NameLookup.Unknown:
                    ForwardToFail(isPortal: false, bind.Statement, PendingKind.Bind, frame, toServer).Name = ObjectName.Comparer.Create(bind.Portal);
                    return RequestOutcome.Done;
                case NameLookup.Known when statement?.Analysis is { } analysis && _names.IsUncertain(analysis):
                    return AwaitReplies(toServer);
                case NameLookup.Known:
                    break;
            }
        }

        if (statement?.Analysis is null)
            return Outcome(Refuse(Refusals.StatementOpaque.Because("the statement's text was not understood when it was prepared"), toServer));
        if (gate?.OfText(statement.Analysis) is RequestVerdict.Spent) return RequestOutcome.Spent;
        var began = recorder.Now();
        var judgement = JudgementOf(statement);
        _parameters.Clear();
        var refused = judgement is { Decision.IsForwarded: true, Parameters: { } guard } ? _parameters.Review(guard, bind) : null;
        if (refused is null && judgement.Decision.IsForwarded) refused = _budget.Admit(judgement, bind);
        if (!recorder.TryExecution(judgement, statement.Intent, bind, _parameters.Rewritten, out var execution))
            return Outcome(Refuse(Refusals.JournalUnavailable.Because("no room"), toServer));
        recorder.Decided(began);
        if (!judgement.Decision.IsForwarded)
        {
            recorder.Refused(execution, judgement.Decision);
            return Outcome(Refuse(PostgresRequests.RefusalOf(judgement.Decision), toServer));
        }
        if (refused is not null)
        {
            recorder.Refused(execution, judgement.Decision with { Verdict = Verdict.Refuse, Refusal = refused });
            return Outcome(Refuse(refused, toServer));
        }

        using var scope = ledger.Gate.EnterScope();
        if (ledger.IsDiscarding)
        {
            recorder.Skipped(execution);
            return RequestOutcome.Done;
        }

        // The unnamed portal replaces itself.
        var added = bind.Portal.IsEmpty ? 0 : 1;
        if (!ledger.HasRoomFor(statements: 0, added, limits))
        {
            recorder.Skipped(execution);
            return Outcome(RefuseLocked(Refusals.TooManyStatements.Because($"over {limits.PortalsMax} portals"), toServer));
        }

        var portal = ledger.RentPortal(bind.Portal);
        portal.Statement = statement;
        portal.Judgement = judgement;
        portal.Execution = execution;
        portal.OwesOutcome = true;
        portal.Names = _names.GenerationOf(statement.Analysis);
        var entry = ledger.ExpectAdding(PendingKind.Bind, statements: 0, added);
        entry.Name = portal.Name;
        entry.Portal = portal;
        entry.Judgement = judgement;
        entry.Record = execution;
        ForwardBind(frame, bind, toServer);
        gate?.Forwarded(statement.Analysis, isQuery: false);
        return RequestOutcome.Done;
    }

    public RequestOutcome TakeDescribe(in RequestFrame frame, Outbound toServer)
    {
        if (!NamedObject.TryDecode(frame.Body, out var describe)) return RequestOutcome.Violates("malformed Describe");
        using var scope = ledger.Gate.EnterScope();
        if (ledger.IsDiscarding) return RequestOutcome.Done;
        PreparedStatement? statement = null;
        Portal? portal = null;
        var lookup = describe.IsPortal ? ledger.FindPortal(describe.Name, out portal) : ledger.FindStatement(describe.Name, out statement);
        var kind = describe.IsPortal ? PendingKind.DescribePortal : PendingKind.DescribeStatement;
        switch (lookup)
        {
            case NameLookup.Uncertain:
                return AwaitReplies(toServer);
            case NameLookup.Unknown:
                ForwardToFail(describe.IsPortal, describe.Name, kind, frame, toServer);
                return RequestOutcome.Done;
            default:
                var entry = ledger.Expect(kind);
                entry.Statement = statement;
                entry.Judgement = statement?.Judgement;
                if (portal is not null) ReferTo(portal, entry).IsDescribed = true;
                Forward(frame, toServer);
                return RequestOutcome.Done;
        }
    }

    public RequestOutcome TakeExecute(in RequestFrame frame, Outbound toServer)
    {
        if (!Execute.TryDecode(frame.Body, out var execute)) return RequestOutcome.Violates("malformed Execute");
        if (execute.Portal.StartsWith(PostgresRefusal.ReservedPrefix)) return RequestOutcome.Violates("a name begins with phigate_");
        using var scope = ledger.Gate.EnterScope();
        if (ledger.IsDiscarding) return RequestOutcome.Done;
        switch (ledger.FindPortal(execute.Portal, out var portal))
        {
            case NameLookup.Uncertain:
                return AwaitReplies(toServer);
            case NameLookup.Unknown:
                ForwardToFail(isPortal: true, execute.Portal, PendingKind.Execute, frame, toServer);
                return RequestOutcome.Done;
            default:
                break;
        }

        if (NamesOthers(portal!.Judgement!.Analysis))
        {
            // The server fetched the description at Bind, and fetches the rows now: of another cursor, should there be one of that name since.
            if (_names.IsUncertain(portal.Judgement.Analysis)) return AwaitReplies(toServer);
            if (_names.GenerationOf(portal.Judgement.Analysis) != portal.Names)
            {
                var refusal = Refusals.StatementOpaque.Because("what EXECUTE or FETCH names was defined anew since Bind");
                recorder.Refused(portal.Execution, Decision.Refused(refusal, portal.Judgement.Decision.Risk, portal.Judgement.PolicyVersion));
                return Outcome(RefuseLocked(refusal, toServer));
            }
        }

        if (ledger.AwaitsRelations) return AwaitReplies(toServer);
        if (!judge.IsCurrent(portal.Judgement, _names))
        {
            // The newest policy governs the next answer, also of a portal made under an older one.
            var judgement = judge.Judge(portal.Judgement!.Analysis, _names, portal.Judgement);
            if (!judgement.Decision.IsForwarded)
            {
                recorder.Refused(portal.Execution, judgement.Decision);
                return Outcome(RefuseLocked(PostgresRequests.RefusalOf(judgement.Decision), toServer));
            }

            portal.Judgement = judgement;
            portal.Plan = null;
            portal.IsDescribed = false;
        }

        if (!portal.IsDescribed && MayReturnRows(portal)) DescribeHidden(execute.Portal, portal, toServer);
        var (statements, cursors) = PostgresLedger.AddedBy(portal.Judgement!.Analysis);
        if (!ledger.HasRoomFor(statements, cursors, limits))
            return Outcome(RefuseLocked(Refusals.TooManyStatements.Because("the limit on prepared statements or portals"), toServer));
        var entry = ledger.ExpectAdding(PendingKind.Execute, statements, cursors, PostgresLedger.ChangesNames(portal.Judgement!.Analysis));
        ReferTo(portal, entry);
        entry.Record = portal.Execution;
        entry.StartedAt = recorder.Now();
        ledger.NoteRelationChanges(entry, portal.Judgement);
        Forward(frame, toServer);
        return RequestOutcome.Done;
    }

    public RequestOutcome TakeClose(in RequestFrame frame, Outbound toServer)
    {
        if (!NamedObject.TryDecode(frame.Body, out var close)) return RequestOutcome.Violates("malformed Close");
        using var scope = ledger.Gate.EnterScope();
        if (ledger.IsDiscarding) return RequestOutcome.Done;
        var entry = ledger.Expect(close.IsPortal ? PendingKind.ClosePortal : PendingKind.CloseStatement);
        entry.Name = ObjectName.Comparer.Create(close.Name);
        Forward(frame, toServer);
        return RequestOutcome.Done;
    }

    public RequestOutcome TakeSync(in RequestFrame frame, Outbound toServer)
    {
        using var scope = ledger.Gate.EnterScope();
        if (ledger.IsCopyIn) return RequestOutcome.Done; // The server ignores it while it wants COPY data; so it need not see it.
        if (ledger.IsDiscardingLocally)
        {
            ledger.Expect(PendingKind.Local).Answer = PostgresRefusal.ReadyIdle;
            ledger.EndSegment();
            return RequestOutcome.DoneLocally;
        }

        ledger.Expect(PendingKind.Sync).HasFailed = ledger.IsDiscarding; // The error came before the Sync that ends what it aborted.
        toServer.Forward(frame.Start, frame.Length);
        ledger.EndSegment();
        return RequestOutcome.Done;
    }

    public void TakeFlush(in RequestFrame frame, Outbound toServer)
    {
        using var scope = ledger.Gate.EnterScope();
        if (!ledger.IsDiscarding && !ledger.IsCopyIn) toServer.Forward(frame.Start, frame.Length);
    }

    /// <summary>Refuses a message of a batch: everything up to the Sync is skipped. True when the answer is ours and the reply relay has to be woken.</summary>
    public bool Refuse(Refusal refusal, Outbound toServer)
    {
        using var scope = ledger.Gate.EnterScope();
        return !ledger.IsDiscarding && RefuseLocked(refusal, toServer);
    }

    private bool RefuseLocked(Refusal refusal, Outbound toServer)
    {
        recorder.Count(refusal);
        var isLocal = ledger.IsServerIdle;
        if (isLocal)
        {
            ledger.Expect(PendingKind.Local).Answer = PostgresRefusal.Error(refusal);
        }
        else
        {
            ledger.Expect(PendingKind.Refused).Answer = PostgresRefusal.Error(refusal);
            toServer.Insert(PostgresRefusal.FailingExecute);
            ledger.HasReachedServer = true;
        }

        ledger.Discard(isLocal);
        return isLocal;
    }

    private static RequestOutcome Outcome(bool wakesReplies) => wakesReplies ? RequestOutcome.DoneLocally : RequestOutcome.Done;

    private Judgement JudgementOf(PreparedStatement statement)
    {
        // What EXECUTE and FETCH run can be another thing each time.
        if (statement.Judgement is { } known && judge.IsCurrent(known, _names) && !NamesOthers(known.Analysis)) return known;
        return statement.Judgement = judge.Judge(statement.Analysis!, _names, statement.Judgement);
    }

    /// <summary>
    /// The message names what does not exist, and only the server can say so in its own words. Closing the name first makes sure that it
    /// fails, whatever we might have missed.
    /// </summary>
    private PendingReply ForwardToFail(bool isPortal, ReadOnlySpan<byte> name, PendingKind kind, in RequestFrame frame, Outbound toServer)
    {
        toServer.Insert(new MessageWriter().Begin(FrontendCode.Close).Byte(isPortal ? (byte)'P' : (byte)'S').CString(name).End().ToArray());
        var close = ledger.Expect(isPortal ? PendingKind.ClosePortal : PendingKind.CloseStatement);
        close.IsHidden = true;
        close.Name = ObjectName.Comparer.Create(name);
        var entry = ledger.Expect(kind);
        Forward(frame, toServer);
        return entry;
    }

    private void DescribeHidden(ReadOnlySpan<byte> name, Portal portal, Outbound toServer)
    {
        toServer.Insert(name.IsEmpty
            ? DescribeUnnamedPortal
            : new MessageWriter().Begin(FrontendCode.Describe).Byte((byte)'P').CString(name).End().ToArray());
        var entry = ledger.Expect(PendingKind.DescribePortal);
        entry.IsHidden = true;
        ReferTo(portal, entry).IsDescribed = true;
    }

    private static Portal ReferTo(Portal portal, PendingReply entry)
    {
        entry.Portal = portal;
        entry.Judgement = portal.Judgement;
        portal.References++;
        return portal;
    }

    /// <summary>
    /// A request cannot wait for replies that the server keeps in its buffer: not even behind a Sync, which it ignores while it wants COPY data.
    /// </summary>
    private static RequestOutcome AwaitReplies(Outbound toServer)
    {
        toServer.Insert(PostgresRefusal.Flush);
        return RequestOutcome.AwaitReplies;
    }

    private void Insert(ReadOnlySpan<byte> message, Outbound toServer)
    {
        toServer.Insert(message);
        ledger.HasReachedServer = true;
    }

    /// <summary>As it came, unless it holds tokens that stand for values here.</summary>
    private void ForwardBind(in RequestFrame frame, in Bind bind, Outbound toServer)
    {
        if (_parameters.Rewritten.IsEmpty)
        {
            Forward(frame, toServer);
            return;
        }

        toServer.Insert(_parameters.Message(bind));
        ledger.HasReachedServer = true;
        _parameters.Clear();
    }

    private void Forward(in RequestFrame frame, Outbound toServer)
    {
        toServer.Forward(frame.Start, frame.Length);
        ledger.HasReachedServer = true;
    }

    private static bool NamesOthers(StatementAnalysis analysis) => analysis.Statements is [{ Kind: StatementKind.Execute or StatementKind.Fetch }];

    private static bool MayReturnRows(Portal portal) =>
        portal.Statement is null // A cursor runs the query inside DECLARE.
        || portal.Judgement!.Analysis.Statements is not [var only] || MayReturnRows(only.Kind);

    private static bool MayReturnRows(StatementKind kind) => kind is not (
        StatementKind.Begin or StatementKind.Commit or StatementKind.Rollback
        or StatementKind.Savepoint or StatementKind.ReleaseSavepoint or StatementKind.RollbackToSavepoint
        or StatementKind.SetSetting or StatementKind.ResetSetting or StatementKind.SetTransaction or StatementKind.Discard
        or StatementKind.Deallocate or StatementKind.Prepare or StatementKind.DeclareCursor or StatementKind.CloseCursor
        or StatementKind.Listen or StatementKind.Unlisten or StatementKind.Notify or StatementKind.Lock or StatementKind.Empty);
}
