namespace Proxy.Host.Evidence.Reports;

/// <summary>Which configuration was in force when, and who changed it.</summary>
internal static class PolicyChangesReport
{
    public static ReportSection Of(AuditFacts facts, ReportQuestion question)
    {
        var changes = facts.Events.Where(static row => row.Kind == "configuration_changed").ToArray();
        var rows = changes.Select(static row => (IReadOnlyList<string>)
        [
            ReportTexts.Number(row.Number), ReportTexts.Time(row.Time), row.Who, row.Detail.Length == 0 ? "(start of the gateway)" : row.Detail, row.What,
        ]);
        return new ReportSection(
            "Configuration changes",
            [
                "Each version is the SHA-256 of the three configuration files; every statement is recorded with the one that decided it. The author is whom rules.yaml names as such: compare with the version control of these files. Behind it stands where they were read from.",
                changes.Length == 0 ? "The configuration did not change." : $"{ReportTexts.Count(changes.Length, "version")} came into force:",
            ],
            new ReportTable(["record", "time", "author, from", "version before", "version"], [.. rows]));
    }
}
