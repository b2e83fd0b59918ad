namespace Proxy.Host.Evidence.Reports;

/// <summary>Reviews of the record with sign-off (45 CFR 164.308(a)(1)(ii)(D)), and reads of the audit itself.</summary>
internal static class ReviewsReport
{
    public static ReportSection Of(AuditFacts facts, ReportQuestion question)
    {
        var reviews = facts.Reads.Where(static row => row.Kind == "review").ToArray();
        return new ReportSection(
            "Reviews",
            [reviews.Length == 0 ? "No review was signed." : $"{ReportTexts.Count(reviews.Length, "review")} signed. The report that a reviewer saw can be made again, and has the SHA-256 that is recorded."],
            new ReportTable(
                ["record of reads", "signed", "reviewer", "account", "period", "result", "covers"],
                [.. reviews.Select(static row => (IReadOnlyList<string>)[ReportTexts.Number(row.Number), ReportTexts.Time(row.Time), row.Who, row.Client, row.What, row.Code, row.Detail])]));
    }

    public static ReportSection Reads(AuditFacts facts, ReportQuestion question)
    {
        var reads = facts.Reads.Where(static row => row.Kind == "audit_read").ToArray();
        return new ReportSection(
            "Reads of the audit", [reads.Length == 0 ? "No read of the audit is recorded." : "Who read the record, and whether the sealed part was opened."],
            new ReportTable(
                ["reader", "command", "opened", "times", "first", "last"],
                [
                    .. reads.GroupBy(static row => (row.Who, row.What, row.Code)).OrderBy(static group => group.First().Number).Select(static group => (IReadOnlyList<string>)
                    [
                        group.Key.Who, group.Key.What, group.Key.Code, ReportTexts.Number(group.Count()), ReportTexts.Time(group.First().Time), ReportTexts.Time(group.Last().Time),
                    ]),
                ]));
    }

    /// <summary>Who signed for the record with this number, or that nobody has.</summary>
    internal static string Covering(AuditFacts facts, long number)
    {
        foreach (var review in facts.Reads)
            if (review.Kind == "review" && ReviewedRecords.TryParse(review.Detail, out var reviewed) && reviewed.Contains(number))
                return $"{review.Who}, {ReportTexts.Time(review.Time)}";
        return "not yet";
    }
}
