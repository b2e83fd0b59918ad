namespace Proxy.Protocols.Postgres;

/// <summary>Portals of one session for re-use. Guarded by the ledger's lock.</summary>
internal sealed class PortalPool(SessionRecorder recorder)
{
    private const int KeptMax = 64;
    private readonly Stack<Portal> _free = new();

    /// <summary>A portal with one reference.</summary>
    public Portal Rent(byte[] name)
    {
        var portal = _free.TryPop(out var kept) ? kept : new Portal();
        portal.Name = name;
        portal.References = 1;
        return portal;
    }

    public void Release(Portal? portal)
    {
        if (portal is null || --portal.References > 0) return;
        if (portal.OwesOutcome) recorder.Skipped(portal.Execution);
        portal.OwesOutcome = false;
        portal.Statement = null;
        portal.Judgement = null;
        portal.Plan = null;
        portal.IsDescribed = false;
        portal.Execution = 0;
        portal.StatementIndex = 0;
        portal.IsHoldable = false;
        portal.Names = default;
        if (_free.Count < KeptMax) _free.Push(portal);
    }
}
