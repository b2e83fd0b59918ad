namespace Proxy.Host.Evidence.Reports;

/// <summary>What an accounting of disclosures is made from (45 CFR 164.528(b)(2)): date, recipient, what, and purpose, for one individual or all.</summary>
internal static class DisclosuresReport
{
    public static ReportSection Of(AuditFacts facts, ReportQuestion question)
    {
        var rows =
            from row in ReportFilter.Apply(facts.Run, facts, question)
            where row is { Rows: > 0, PhiClasses.Length: > 0 }
            from subjects in facts.SubjectsOf(row)
            where question.Subject is not { } asked || (asked.Kind == subjects.Kind && ReportFilter.Has(subjects, asked.Code))
            let session = facts.SessionOf(row)
            let codes = subjects.Codes.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            select (IReadOnlyList<string>)
            [
                ReportTexts.Time(row.Time), ReportTexts.Behalf(row, session), ReportTexts.By(row, session), session?.Client ?? "",
                $"{row.PhiClasses} of {row.Relations}", ReportTexts.Shown(row), session is { Task.Length: > 0 } ? session.Task : "not stated",
                question.Subject is { } one ? $"{one.Kind} {one.Code}" : $"{codes.Length}{(subjects.IsCapped ? " or more" : "")} × {subjects.Kind}", ReportTexts.Number(row.Number),
            ];
        return new ReportSection(
            "Accounting of disclosures",
            [
                "Every answer of the period that held rows of the individuals asked for. What of it was use within the entity, or disclosure for treatment, payment or operations, is not subject to accounting (164.528(a)(1)(i)); the entity decides that from recipient and purpose.",
            ],
            new ReportTable(["date", "on behalf of", "recipient", "address", "what", "shown", "purpose", "individuals", "record"], [.. rows]));
    }
}
