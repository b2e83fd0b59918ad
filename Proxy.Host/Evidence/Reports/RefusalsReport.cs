namespace Proxy.Host.Evidence.Reports;

/// <summary>Statements that were refused, by whom and why.</summary>
internal static class RefusalsReport
{
    public static ReportSection Of(AuditFacts facts, ReportQuestion question)
    {
        var rows =
            from row in ReportFilter.Apply(facts.Statements, facts, question)
            where row.Refusal.Length > 0
            let session = facts.SessionOf(row)
            group row by (Behalf: ReportTexts.Behalf(row, session), By: ReportTexts.By(row, session), row.Target, row.Refusal, row.Rule, row.Risk)
            into refused
            orderby refused.Key.Behalf, refused.Key.By, refused.Key.Refusal, refused.Key.Rule, refused.Key.Risk
            select (IReadOnlyList<string>)
            [
                refused.Key.Behalf, refused.Key.By, refused.Key.Target, refused.Key.Refusal, refused.Key.Rule, refused.Key.Risk,
                ReportTexts.Number(refused.Count()), ReportTexts.Records(refused.Select(static row => row.Number)),
            ];
        return new ReportSection(
            "Refused statements", ["None of these reached a server."],
            new ReportTable(["on behalf of", "by", "target", "refusal", "rule", "risk", "statements", "records"], [.. rows]));
    }
}
