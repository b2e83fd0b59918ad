namespace Proxy.Core.Journal.Retention;

/// <summary>
/// What 45 CFR 164.316(b) calls documentation: which policies were in force, which access was taken away, who reviewed and read the record, what was deleted of
/// it. Everything else is activity, which the rule does not name.
/// </summary>
public static class RetentionClasses
{
    public static bool IsDocumentation(RecordKind kind) =>
        kind is RecordKind.ConfigurationChanged or RecordKind.AccessRevoked or RecordKind.AuditRead or RecordKind.Review or RecordKind.Purged or RecordKind.ContentErased;
}
