using System.Text;
using Proxy.Core.Policy;

namespace Proxy.Protocols.Postgres;

/// <summary>What names mean to SQL's EXECUTE and FETCH, as far as the ledger is certain.</summary>
internal sealed class LedgerNames(PostgresLedger ledger) : INamedStatements
{
    public RiskAssessment? Prepared(string name)
    {
        using var scope = ledger.Gate.EnterScope();
        return ledger.FindStatement(Encoding.UTF8.GetBytes(name), out var statement) is NameLookup.Known
            ? statement?.Judgement?.AssessmentOf(0) ?? statement?.Assessment
            : null;
    }

    public RiskAssessment? Cursor(string name)
    {
        using var scope = ledger.Gate.EnterScope();
        return ledger.FindPortal(Encoding.UTF8.GetBytes(name), out var portal) is NameLookup.Known
            ? portal is { Statement: null, Judgement: { } declared }
                ? declared.AssessmentOf(portal.StatementIndex) with { IsQuery = true } // The grammar lets DECLARE hold nothing but a query.
                : portal?.Judgement?.AssessmentOf(portal.StatementIndex)
            : null;
    }
}
