namespace Proxy.Host.Evidence.Reports;

/// <summary>One part of a report: what it says in words, then a table.</summary>
public sealed record ReportSection(string Title, IReadOnlyList<string> Text, ReportTable? Table = null);
