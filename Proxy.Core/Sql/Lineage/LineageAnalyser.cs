using Proxy.Core.Sql.Lineage.RowOrder;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.Lineage;

/// <summary>
/// Finds where everything that a statement shows, decides by and stores comes from. Dialect-neutral: it sees the common tree and the catalogue.
/// Allow lists throughout: what is not known is opaque, and opaque counts as PHI.
/// </summary>
public static class LineageAnalyser
{
    /// <summary>Null when the statement is too deep or too large to be followed.</summary>
    public static StatementLineage? Analyse(Statement statement, LineageCatalogue catalogue) => Analyse(statement, catalogue, keepsScans: false);

    /// <summary>The same of the query of a view: what its rows are ordered by counts where it is read.</summary>
    internal static StatementLineage? OfView(Statement statement, LineageCatalogue catalogue) => Analyse(statement, catalogue, keepsScans: true);

    private static StatementLineage? Analyse(Statement statement, LineageCatalogue catalogue, bool keepsScans)
    {
        ArgumentNullException.ThrowIfNull(statement);
        var run = new LineageRun(catalogue);
        try
        {
            var outputs = run.Statements.Analyse(statement);
            RowOrderAnalyser.Conclude(statement, run);
            return run.Collector.Done(outputs, statement, keepsScans);
        }
        catch (InsufficientExecutionStackException)
        {
            return null;
        }
    }
}
