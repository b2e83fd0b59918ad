namespace Proxy.Host.Evidence.Reports;

/// <summary>Whom or what a report is about; null asks nothing.</summary>
public sealed record ReportQuestion
{
    public string? Agent { get; init; }
    public string? Human { get; init; }

    /// <summary>A token's id or a one-time credential.</summary>
    public string? Key { get; init; }

    /// <summary>One individual: the kind, and the code in hexadecimal.</summary>
    public (string Kind, string Code)? Subject { get; init; }

    /// <summary>Agents whose model's route has a business associate agreement, as whoever asks knows.</summary>
    public IReadOnlySet<string> AgentsUnderAgreement { get; init; } = new HashSet<string>();
}
