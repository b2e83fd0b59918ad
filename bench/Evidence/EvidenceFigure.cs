namespace Proxy.Bench.Evidence;

/// <summary>One line of bench/results/evidence.json.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Statements">In the journal, two records each; null where that does not matter.</param>
/// <param name="Value">In <paramref name="Unit"/>.</param>
/// <param name="Unit">Of the value.</param>
/// <param name="Goal">What it must reach; null where there is no goal.</param>
/// <param name="IsMet">Whether it does.</param>
internal sealed record EvidenceFigure(string Name, int? Statements, double Value, string Unit, string? Goal, bool? IsMet);
