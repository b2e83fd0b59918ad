using Proxy.Host.Evidence.Index;

namespace Proxy.Host.Evidence.Reports;

/// <summary>Use of emergency access (45 CFR 164.312(a)(2)(ii)): statements that a rule named <c>break-glass…</c> decided, and the reviews that cover them.</summary>
internal static class BreakGlassReport
{
    private const string RulePrefix = "break-glass";

    public static ReportSection Of(AuditFacts facts, ReportQuestion question)
    {
        var rows = Used(ReportFilter.Apply(facts.Statements, facts, question)).Select(row => (IReadOnlyList<string>)
        [
            ReportTexts.Number(row.Number), ReportTexts.Time(row.Time), ReportTexts.Behalf(row, facts.SessionOf(row)), ReportTexts.By(row, facts.SessionOf(row)),
            row.Target, row.Risk, row.Relations, row.Rule, row.Verdict, row.Refusal.Length > 0 ? row.Refusal : row.Status, ReviewsReport.Covering(facts, row.Number),
        ]).ToArray();
        return new ReportSection(
            "Emergency access",
            [rows.Length == 0 ? $"No rule whose name begins with {RulePrefix} decided anything." : $"{ReportTexts.Count(rows.Length, "statement")} decided by rules whose names begin with {RulePrefix}:"],
            new ReportTable(["record", "time", "on behalf of", "by", "target", "risk", "relations", "rule", "verdict", "outcome", "reviewed"], rows));
    }

    internal static IEnumerable<StatementRow> Used(IEnumerable<StatementRow> rows) => rows.Where(static row => row.Rule.StartsWith(RulePrefix, StringComparison.Ordinal));
}
