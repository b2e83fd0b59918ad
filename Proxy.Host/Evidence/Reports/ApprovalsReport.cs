namespace Proxy.Host.Evidence.Reports;

/// <summary>What people approved. Statements that wait for an approval are refused as long as nobody can give one.</summary>
internal static class ApprovalsReport
{
    public static ReportSection Of(AuditFacts facts, ReportQuestion question)
    {
        var held = ReportFilter.Apply(facts.Statements, facts, question).Where(static row => row.Verdict == "hold").ToArray();
        return new ReportSection(
            "Approvals",
            [
                "This version records no approvals: a statement that a rule holds for one is refused. So nothing ran because somebody approved it, and nobody approved a request of their own.",
                held.Length == 0 ? "No statement was held." : $"{ReportTexts.Count(held.Length, "statement")} held, and none ran:",
            ],
            new ReportTable(
                ["record", "time", "on behalf of", "by", "target", "risk", "rule", "outcome"],
                [
                    .. held.Select(row => (IReadOnlyList<string>)
                    [
                        ReportTexts.Number(row.Number), ReportTexts.Time(row.Time), ReportTexts.Behalf(row, facts.SessionOf(row)),
                        ReportTexts.By(row, facts.SessionOf(row)), row.Target, row.Risk, row.Rule, row.Refusal.Length > 0 ? row.Refusal : row.Status,
                    ]),
                ]));
    }
}
