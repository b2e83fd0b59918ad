using Proxy.Core.Catalogue.Overlay;
using Proxy.Core.Policy;
using Proxy.Core.Sql;

namespace Proxy.Protocols.Postgres;

/// <summary>
/// What completed statements do to the relations that only their session sees. Only the reply relay changes it. Guarded by the ledger's lock, but for
/// <see cref="Current"/>: whoever has seen under the lock that nothing is under way may read it without.
/// </summary>
internal sealed class SessionRelations
{
    private readonly OverlayHistory _history = new();

    public SessionOverlay Current => _history.Current;

    /// <summary>Whether completing, or failing to complete, may change <see cref="Current"/>.</summary>
    /// <param name="judgement">What runs.</param>
    /// <param name="isChanging">Whether something under way may change it already.</param>
    public bool MayChange(Judgement judgement, bool isChanging)
    {
        var isUntouched = _history.IsUntouched && !isChanging;
        for (var i = 0; i < judgement.Analysis.Statements.Length; i++)
            if (!judgement.EffectOf(i).IsNone || (!isUntouched && GoesBack(judgement.Analysis.Statements[i].Kind)))
                return true;
        return false;
    }

    /// <summary>A statement of a text has completed.</summary>
    public void Apply(Judgement judgement, int statement, ReadOnlySpan<byte> tag, long now)
    {
        _history.Apply(judgement.EffectOf(statement));
        var reading = judgement.Analysis.Statements[statement];
        switch (reading)
        {
            case { Kind: StatementKind.Commit or StatementKind.Rollback or StatementKind.PrepareTransaction }:
                // COMMIT of a transaction that has failed is tagged ROLLBACK. What PREPARE TRANSACTION leaves behind, nobody sees yet.
                _history.EndTransaction(isCommitted: reading.Kind is StatementKind.Commit && !tag.SequenceEqual("ROLLBACK"u8), now);
                break;
            case { Kind: StatementKind.Savepoint, ObjectName: { } name }:
                _history.Savepoint(name);
                break;
            case { Kind: StatementKind.ReleaseSavepoint, ObjectName: { } name }:
                _history.Release(name);
                break;
            case { Kind: StatementKind.RollbackToSavepoint, ObjectName: { } name }:
                _history.RollBackTo(name);
                break;
            case { Kind: StatementKind.Discard } when tag.SequenceEqual("DISCARD ALL"u8) || tag.SequenceEqual("DISCARD TEMP"u8):
                _history.DiscardTemporary();
                break;
            default:
                break;
        }
    }

    /// <summary>The server is between transactions: an implicit one has ended, too.</summary>
    public void EndTransaction(bool isCommitted, long now) => _history.EndTransaction(isCommitted, now);

    private static bool GoesBack(StatementKind kind) => kind
        is StatementKind.Commit or StatementKind.Rollback or StatementKind.PrepareTransaction or StatementKind.Savepoint
        or StatementKind.ReleaseSavepoint or StatementKind.RollbackToSavepoint or StatementKind.Discard;
}
