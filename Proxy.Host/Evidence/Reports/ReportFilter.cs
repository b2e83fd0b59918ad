using Proxy.Host.Evidence.Index;

namespace Proxy.Host.Evidence.Reports;

/// <summary>Keeps the statements that a question is about.</summary>
internal static class ReportFilter
{
    public static IEnumerable<StatementRow> Apply(IEnumerable<StatementRow> rows, AuditFacts facts, ReportQuestion question) => rows.Where(row =>
        (question.Agent is null || row.Agent == question.Agent || row.Subject == question.Agent)
        && (question.Human is null || row.Human == question.Human)
        && (question.Key is null || facts.SessionOf(row) is { } session && (session.TokenId == question.Key || session.Grant == question.Key))
        && (question.Subject is not { } subject || facts.SubjectsOf(row).Any(found => found.Kind == subject.Kind && Has(found, subject.Code))));

    public static bool Has(SubjectsRow row, string code) => row.Codes.Split(' ').Contains(code, StringComparer.OrdinalIgnoreCase);
}
