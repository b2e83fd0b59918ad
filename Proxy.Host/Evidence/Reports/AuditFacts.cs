using Proxy.Host.Evidence.Index;

namespace Proxy.Host.Evidence.Reports;

/// <summary>All that a report is made from: the readable part of a period, from a journal or from an export of it.</summary>
public sealed class AuditFacts
{
    private ILookup<string, SessionRow>? _sessionsById;
    private ILookup<long, SubjectsRow>? _subjectsByStatement;

    /// <summary>The directory that it comes from, as it was named.</summary>
    public required string Source { get; init; }

    /// <summary>Inclusive.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>Exclusive.</summary>
    public required DateTimeOffset To { get; init; }

    /// <summary>In the order of their records.</summary>
    public required IReadOnlyList<StatementRow> Statements { get; init; }
    public required IReadOnlyList<SessionRow> Sessions { get; init; }
    public required IReadOnlyList<EventRow> Events { get; init; }
    public required IReadOnlyList<SubjectsRow> Subjects { get; init; }

    /// <summary>Reads and reviews of the audit, from the journal that they are kept in.</summary>
    public required IReadOnlyList<EventRow> Reads { get; init; }

    /// <summary>What checking heads, signatures and files said, a line each.</summary>
    public required IReadOnlyList<IntegrityFinding> Integrity { get; init; }

    /// <summary>What the period leaves out, when it is not all of it; else empty.</summary>
    public string Filter { get; init; } = "";

    /// <summary>Statements that were run: neither preparations nor refusals.</summary>
    public IEnumerable<StatementRow> Run => Statements.Where(static row => row.Kind is not "parse" && row.Refusal.Length == 0 && row.Status is not ("skipped" or "refused"));

    /// <summary>The same without what was recorded by reading and reviewing.</summary>
    public AuditFacts WithoutReads() => new()
    {
        Source = Source,
        From = From,
        To = To,
        Statements = Statements,
        Sessions = Sessions,
        Events = Events,
        Subjects = Subjects,
        Reads = [],
        Integrity = [],
        Filter = Filter,
    };

    public SessionRow? SessionOf(StatementRow row) =>
        (_sessionsById ??= Sessions.ToLookup(session => session.Session, StringComparer.Ordinal))[row.Session].FirstOrDefault();

    public IEnumerable<SubjectsRow> SubjectsOf(StatementRow row) => (_subjectsByStatement ??= Subjects.ToLookup(subject => subject.Statement))[row.Number];
}
