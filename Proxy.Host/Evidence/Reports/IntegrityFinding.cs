namespace Proxy.Host.Evidence.Reports;

/// <summary>One thing that was checked, and what came of it.</summary>
public sealed record IntegrityFinding(string What, string Result, bool Holds);
