using Proxy.Core.Catalogue.Overlay;
using Proxy.Core.Policy;

namespace Proxy.Protocols.MySql;

/// <summary>What names mean to SQL's EXECUTE, as far as replies have confirmed it; nothing is judged while some may change that.</summary>
internal sealed class LedgerNames(MySqlLedger ledger) : INamedStatements
{
    public SessionOverlay Overlay => ledger.Relations.Current;

    public RiskAssessment? Prepared(string name)
    {
        using var scope = ledger.Gate.EnterScope();
        return ledger.Statements.Named(name);
    }

    /// <summary>Cursors live inside procedures only.</summary>
    public RiskAssessment? Cursor(string name) => null;
}
