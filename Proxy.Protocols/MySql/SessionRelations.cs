using Proxy.Core.Catalogue.Overlay;
using Proxy.Core.Policy;

namespace Proxy.Protocols.MySql;

/// <summary>
/// What completed statements do to the relations that only their session sees. No transaction takes anything of that back: DDL commits, and a temporary
/// table stays whatever becomes of the transaction. Only the reply relay changes it.
/// </summary>
internal sealed class SessionRelations
{
    private readonly OverlayHistory _history = new();

    public SessionOverlay Current => _history.Current;

    /// <summary>The session's database, in which unqualified names are.</summary>
    public void Use(string database) => _history.Use(database);

    public static bool MayChange(Judgement judgement)
    {
        for (var i = 0; i < judgement.Analysis.Statements.Length; i++)
            if (!judgement.EffectOf(i).IsNone)
                return true;
        return false;
    }

    /// <summary>A statement has completed.</summary>
    public void Apply(Judgement judgement, int statement, long now)
    {
        if (judgement.EffectOf(statement) is not { IsNone: false } effect) return;
        _history.Apply(effect);
        _history.EndTransaction(isCommitted: true, now);
    }

    /// <summary>COM_RESET_CONNECTION drops temporary tables.</summary>
    public void Reset(long now)
    {
        _history.DiscardTemporary();
        _history.EndTransaction(isCommitted: true, now);
    }
}
