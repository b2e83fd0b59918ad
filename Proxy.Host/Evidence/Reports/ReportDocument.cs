namespace Proxy.Host.Evidence.Reports;

/// <summary>A report, before it is written as Markdown, HTML or JSON. Holds nothing that depends on when it was made.</summary>
public sealed record ReportDocument(string Title, DateTimeOffset From, DateTimeOffset To, IReadOnlyList<ReportSection> Sections);
