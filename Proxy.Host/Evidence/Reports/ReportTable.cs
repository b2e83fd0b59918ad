namespace Proxy.Host.Evidence.Reports;

/// <summary>Rows under headings; every row has as many cells.</summary>
public sealed record ReportTable(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows);
