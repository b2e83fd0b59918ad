using Proxy.Host.Evidence.Index;

namespace Proxy.Host.Evidence.Reports;

/// <summary>
/// Whose records were shown to whom, for the assessment of a possible breach (45 CFR 164.402): by agent, key or person, individual by individual.
/// </summary>
internal static class ExposureReport
{
    public static ReportSection Of(AuditFacts facts, ReportQuestion question)
    {
        var statements = ReportFilter.Apply(facts.Run, facts, question).Where(static row => row is { Rows: > 0, PhiClasses.Length: > 0 }).ToArray();
        var shown =
            from row in statements
            from subjects in facts.SubjectsOf(row)
            from code in subjects.Codes.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            where question.Subject is not { } asked || (asked.Kind == subjects.Kind && string.Equals(asked.Code, code, StringComparison.OrdinalIgnoreCase))
            group row by (subjects.Kind, code)
            into individual
            orderby individual.Key.Kind, individual.Count() descending, individual.Key.code
            select Row(facts, question, individual.Key.Kind, individual.Key.code, [.. individual]);
        var rows = shown.ToArray();
        return new ReportSection("Exposure per individual", Words(facts, question, statements, rows.Length), new ReportTable(
            ["kind", "individual", "statements", "classes", "shown", "on behalf of", "by", "model under agreement", "first", "last", "records"], rows));
    }

    private static IReadOnlyList<string> Row(AuditFacts facts, ReportQuestion question, string kind, string code, StatementRow[] rows) =>
    [
        kind, code, ReportTexts.Number(rows.Select(static row => row.Number).Distinct().Count()),
        Joined(rows.SelectMany(static row => row.PhiClasses.Split(' '))),
        rows.Any(ReportTexts.IsUnmasked) ? "unmasked" : "masked",
        Joined(rows.Select(row => ReportTexts.Behalf(row, facts.SessionOf(row))), ", "), Joined(rows.Select(row => ReportTexts.By(row, facts.SessionOf(row))), ", "),
        rows.All(row => question.AgentsUnderAgreement.Contains(AgentOf(row))) ? "yes" : "not known",
        ReportTexts.Time(rows.Min(static row => row.Time)), ReportTexts.Time(rows.Max(static row => row.Time)), ReportTexts.Records(rows.Select(static row => row.Number)),
    ];

    private static List<string> Words(AuditFacts facts, ReportQuestion question, StatementRow[] statements, int individuals)
    {
        var unattributed = statements.Where(row => !facts.SubjectsOf(row).Any()).ToArray();
        var capped = statements.Where(row => facts.SubjectsOf(row).Any(static found => found.IsCapped || found.UnreadRows > 0)).ToArray();
        var words = new List<string>
        {
            $"{ReportTexts.Count(individuals, "individual")} with rows in {ReportTexts.Count(statements.Length, "answer")}. An individual is a keyed code: phigate audit subject gives the code of a key to whoever has the journal's keys, and nobody else can tell who it is.",
            "The model's route counts as under a business associate agreement only for agents named with --under-agreement.",
        };
        if (unattributed.Length > 0)
            words.Add($"{ReportTexts.Count(unattributed.Length, "answer")} of these showed {ReportTexts.Count(unattributed.Sum(static row => row.Rows), "row")} without a column that says whose they are: records {ReportTexts.Records(unattributed.Select(static row => row.Number))}. Count everybody in the relations they name, or replay them.");
        if (capped.Length > 0)
            words.Add($"{ReportTexts.Count(capped.Length, "answer")} held more individuals than are recorded for one answer, or rows that could not be read: records {ReportTexts.Records(capped.Select(static row => row.Number))}.");
        return words;
    }

    private static string AgentOf(StatementRow row) => row.Agent.Length > 0 ? row.Agent : row.Subject;

    private static string Joined(IEnumerable<string> parts, string separator = " ") => string.Join(separator, parts.Where(static part => part.Length > 0).Distinct().Order(StringComparer.Ordinal));
}
