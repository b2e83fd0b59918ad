namespace Proxy.Host.Evidence.Reports;

/// <summary>How a report is written.</summary>
public enum ReportFormat
{
    Markdown = 0,
    Html,
    Json,
}
