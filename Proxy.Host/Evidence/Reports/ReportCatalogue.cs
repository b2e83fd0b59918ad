using System.Collections.Frozen;

namespace Proxy.Host.Evidence.Reports;

/// <summary>The reports by name.</summary>
internal static class ReportCatalogue
{
    private static readonly (string Name, Func<AuditFacts, ReportQuestion, ReportSection> Section)[] InOrder =
    [
        ("access", AccessReport.Of),
        ("unmasked", UnmaskedReport.Of),
        ("approvals", ApprovalsReport.Of),
        ("refusals", RefusalsReport.Of),
        ("break-glass", BreakGlassReport.Of),
        ("sign-ins", SignInsReport.Of),
        ("sessions", SignInsReport.Sessions),
        ("access-changes", SignInsReport.Revocations),
        ("policy-changes", PolicyChangesReport.Of),
        ("exposure", ExposureReport.Of),
        ("disclosures", DisclosuresReport.Of),
        ("integrity", IntegrityReport.Of),
        ("controls", ControlMatrix.Of),
        ("reviews", ReviewsReport.Of),
        ("reads", ReviewsReport.Reads),
    ];

    private static readonly FrozenDictionary<string, Func<AuditFacts, ReportQuestion, ReportSection>> ByName =
        InOrder.ToFrozenDictionary(static report => report.Name, static report => report.Section);

    public const string All = "all";

    public static IEnumerable<string> Names => InOrder.Select(static report => report.Name).Append(All);

    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="facts">What happened.</param>
    /// <param name="question">Whom it is about.</param>
    public static ReportDocument Make(string name, AuditFacts facts, ReportQuestion question)
    {
        ReportSection[] sections = name == All ? [.. InOrder.Select(report => report.Section(facts, question))] : [ByName[name](facts, question)];
        if (facts.Filter.Length > 0)
            sections[0] = sections[0] with { Text = [$"This export holds a part of the record only: {facts.Filter}.", .. sections[0].Text] };
        return new ReportDocument(name == All ? "Audit report" : $"Audit report: {name}", facts.From, facts.To, sections);
    }

    public static string Write(ReportDocument report, ReportFormat format) => format switch
    {
        ReportFormat.Html => HtmlReport.Write(report),
        ReportFormat.Json => JsonReport.Write(report),
        _ => MarkdownReport.Write(report),
    };
}
