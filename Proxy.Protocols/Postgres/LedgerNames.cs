using System.Text;
using Proxy.Core.Catalogue.Overlay;
using Proxy.Core.Policy;
using Proxy.Core.Sql;

namespace Proxy.Protocols.Postgres;

/// <summary>What names mean to SQL's EXECUTE and FETCH, as far as the ledger is certain.</summary>
internal sealed class LedgerNames(PostgresLedger ledger) : INamedStatements
{
    public SessionOverlay Overlay => ledger.Relations.Current;

    /// <summary>Whether what the text would run, or which relations it would find, depends on replies that have not come.</summary>
    public bool IsUncertain(StatementAnalysis analysis)
    {
        using (ledger.Gate.EnterScope())
            if (ledger.AwaitsRelations) return true;
        foreach (var reading in analysis.Statements)
            if (Find(reading, out _) is NameLookup.Uncertain)
                return true;
        return false;
    }

    /// <summary>What EXECUTE or FETCH would run now; the default where the statement is neither.</summary>
    public NamedGeneration GenerationOf(StatementAnalysis analysis)
    {
        if (analysis.Statements is not [var reading]) return default;
        Find(reading, out var generation);
        return generation;
    }

    private NameLookup Find(StatementReading reading, out NamedGeneration generation)
    {
        generation = default;
        if (reading is not { Kind: StatementKind.Execute or StatementKind.Fetch, ObjectName: { } name }) return NameLookup.Known;
        using var scope = ledger.Gate.EnterScope();
        if (reading.Kind is StatementKind.Execute)
        {
            var found = ledger.FindStatement(Encoding.UTF8.GetBytes(name), out var statement);
            generation = new NamedGeneration(statement, 0, 0);
            return found;
        }

        var lookup = ledger.FindPortal(Encoding.UTF8.GetBytes(name), out var portal);
        if (portal is not null) generation = new NamedGeneration(portal.Statement, portal.Execution, portal.StatementIndex);
        return lookup;
    }

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
