using Proxy.Core.Policy;
using Proxy.Core.Sql;
using Proxy.Protocols.Buffers;
using Proxy.Protocols.Postgres.Messages;

namespace Proxy.Protocols.Postgres;

/// <summary>
/// The client's messages during COPY FROM STDIN: forwarded while the server can want them, and looked at for masked values where policy masks.
/// Owned by the request relay.
/// </summary>
internal sealed class PostgresCopyRequests(PostgresLedger ledger, SessionRecorder recorder)
{
    private CopyInReview? _review;
    private int _streamedHeader;
    private bool _isMasked;
    private bool _isRefused;

    /// <summary>Another message than of COPY has come: what follows belongs to another COPY.</summary>
    public void Forget() => _isRefused = false;

    /// <summary>A CopyData whose end is not here yet: whether the server gets it as it comes.</summary>
    public bool BeginStream()
    {
        _streamedHeader = PostgresFraming.HeaderLength;
        return IsWanted();
    }

    public void TakeEnd(in RequestFrame frame, Outbound toServer)
    {
        if (!IsWanted())
        {
            _isRefused = false;
            return;
        }

        if (frame.Type is FrontendCode.CopyDone && Reviewed()?.FindsAtEnd() is true)
        {
            Refuse(toServer);
            _isRefused = false;
            return;
        }

        _review = null;
        using var scope = ledger.Gate.EnterScope();
        ledger.IsCopyIn = false;
        ledger.Expect(PendingKind.CopyEnd);
        toServer.Forward(frame.Start, frame.Length);
    }

    public void TakeData(in RequestFrame frame, Outbound toServer)
    {
        if (!IsWanted()) return;
        if (Reviewed()?.Finds(frame.Body) is true) Refuse(toServer);
        else toServer.Forward(frame.Start, frame.Length);
    }

    /// <summary>What the server was told would come has to come, even if a masked value is in it: the COPY fails right behind.</summary>
    public void Stream(ReadOnlySpan<byte> part, int position, Outbound toServer)
    {
        var header = Math.Min(_streamedHeader, part.Length);
        _streamedHeader -= header;
        _isMasked |= Reviewed()?.Finds(part[header..]) is true;
        toServer.Forward(position, part.Length);
    }

    /// <summary>The CopyData that streamed is whole. Where the COPY has failed meanwhile there is nothing left to give up.</summary>
    public void EndStream(Outbound toServer)
    {
        if (_isMasked && IsWanted()) Refuse(toServer);
        _isMasked = false;
    }

    /// <summary>The review of the COPY that is under way; null where nothing is masked, or what is sent may be anything.</summary>
    private CopyInReview? Reviewed()
    {
        using var scope = ledger.Gate.EnterScope();
        var guard = Running() is { } running ? (running.Judgement ?? running.Portal?.Judgement)?.CopyIn : null;
        if (!ReferenceEquals(_review?.Guard, guard)) _review = guard is null ? null : new CopyInReview(guard);
        return _review;
    }

    /// <summary>The server is told that the client gives up, rolls the COPY back, and the client reads why.</summary>
    private void Refuse(Outbound toServer)
    {
        _review = null;
        _isRefused = true;
        var refusal = Refusals.MaskedWrite.Because("the data of COPY hold a masked value");
        recorder.Count(refusal);
        using var scope = ledger.Gate.EnterScope();
        if (Running() is { } running) running.Answer = PostgresRefusal.Error(refusal);
        toServer.Insert(PostgresRefusal.FailingCopy);
        ledger.IsCopyIn = false;
        ledger.Expect(PendingKind.CopyEnd);
    }

    private PendingReply? Running()
    {
        for (var i = 0; i < ledger.Pending.Count; i++)
            if ((ledger.Pending[i].Judgement ?? ledger.Pending[i].Portal?.Judgement)?.Analysis is { } analysis
                && ledger.Pending[i].Kind is PendingKind.Query or PendingKind.Execute
                && analysis.Statements.Any(static reading => reading.Kind is StatementKind.CopyIn))
                return ledger.Pending[i];
        return null;
    }

    /// <summary>Whether COPY data can mean anything to the server: it asked for it, or will when it gets to a COPY that is under way.</summary>
    private bool IsWanted()
    {
        using var scope = ledger.Gate.EnterScope();
        if (ledger.IsDiscarding || _isRefused) return false;
        if (ledger.IsCopyIn) return true;
        for (var i = 0; i < ledger.Pending.Count; i++)
            if ((ledger.Pending[i].Judgement ?? ledger.Pending[i].Portal?.Judgement)?.Analysis is { } analysis
                && analysis.Statements.Any(static reading => reading.Kind is StatementKind.CopyIn))
                return true;
        return false;
    }
}
