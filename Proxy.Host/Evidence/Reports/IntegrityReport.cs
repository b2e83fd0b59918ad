namespace Proxy.Host.Evidence.Reports;

/// <summary>What was checked of the source, and what holds (45 CFR 164.312(c)).</summary>
internal static class IntegrityReport
{
    public static ReportSection Of(AuditFacts facts, ReportQuestion question)
    {
        var unknown = facts.Statements.Where(static row => row.Status == "unknown").ToArray();
        var open = facts.Statements.Where(static row => row.Status == "open").ToArray();
        return new ReportSection(
            "Integrity",
            [
                facts.Integrity.All(static finding => finding.Holds) ? "Everything that was checked holds." : "NOT EVERYTHING HOLDS: see below, and run phigate audit verify on the journal itself.",
                unknown.Length == 0 ? "Every statement that was sent has an outcome." : $"{ReportTexts.Count(unknown.Length, "statement")} may have run, and nobody saw the end: records {ReportTexts.Records(unknown.Select(static row => row.Number))}.",
                .. open.Length == 0 ? Array.Empty<string>() : [$"{ReportTexts.Count(open.Length, "statement")} without an outcome yet: records {ReportTexts.Records(open.Select(static row => row.Number))}."],
            ],
            new ReportTable(["what", "result"], [.. facts.Integrity.Select(static finding => (IReadOnlyList<string>)[finding.What, finding.Result])]));
    }
}
