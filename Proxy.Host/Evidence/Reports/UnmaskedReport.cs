namespace Proxy.Host.Evidence.Reports;

/// <summary>Every answer that showed PHI as it is.</summary>
internal static class UnmaskedReport
{
    public static ReportSection Of(AuditFacts facts, ReportQuestion question)
    {
        var rows = ReportFilter.Apply(facts.Run, facts, question).Where(ReportTexts.IsUnmasked).Select(row => (IReadOnlyList<string>)
        [
            ReportTexts.Number(row.Number), ReportTexts.Time(row.Time), ReportTexts.Behalf(row, facts.SessionOf(row)), ReportTexts.By(row, facts.SessionOf(row)),
            row.Target, row.Relations, row.PhiClasses, ReportTexts.Number(row.Rows), row.Rule, row.PolicyVersion[..Math.Min(12, row.PolicyVersion.Length)],
        ]).ToArray();
        return new ReportSection(
            "Unmasked access to PHI",
            [rows.Length == 0 ? "No statement was shown PHI unmasked." : $"{ReportTexts.Count(rows.Length, "answer")} with PHI shown as it is, each because a rule said so."],
            new ReportTable(["record", "time", "on behalf of", "by", "target", "relations", "classes", "rows", "rule", "policy"], rows));
    }
}
