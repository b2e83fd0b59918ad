namespace Proxy.Host.Evidence.Reports;

/// <summary>Who saw which class of PHI, through which agent, on whose behalf.</summary>
internal static class AccessReport
{
    public static ReportSection Of(AuditFacts facts, ReportQuestion question)
    {
        var rows =
            from row in ReportFilter.Apply(facts.Run, facts, question)
            where row.Rows > 0
            from identifier in row.PhiClasses.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            let session = facts.SessionOf(row)
            group row by (Behalf: ReportTexts.Behalf(row, session), By: ReportTexts.By(row, session), row.Target, identifier, Unmasked: ReportTexts.IsUnmasked(row))
            into access
            orderby access.Key.Behalf, access.Key.By, access.Key.Target, access.Key.identifier, access.Key.Unmasked
            select (IReadOnlyList<string>)
            [
                access.Key.Behalf, access.Key.By, access.Key.Target, access.Key.identifier, access.Key.Unmasked ? "unmasked" : "masked",
                ReportTexts.Number(access.Count()), ReportTexts.Number(access.Sum(static row => row.Rows)),
                string.Join(' ', access.SelectMany(static row => row.Relations.Split(' ')).Distinct().Order(StringComparer.Ordinal)),
                ReportTexts.Records(access.Select(static row => row.Number)),
            ];
        return new ReportSection(
            "Access to PHI",
            ["Statements that ran and showed rows, by the identifier classes (45 CFR 164.514(b)(2)) of the columns they could read. A class counts whether its column was shown, masked or only used."],
            new ReportTable(["on behalf of", "by", "target", "class", "shown", "statements", "rows", "relations", "records"], [.. rows]));
    }
}
