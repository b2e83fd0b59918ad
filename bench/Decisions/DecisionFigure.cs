namespace Proxy.Bench.Decisions;

/// <summary>One line of bench/results/decisions.json.</summary>
/// <param name="Statement">What was judged, or only read.</param>
/// <param name="Bytes">Of its text.</param>
/// <param name="Microseconds">Processor time for reading and judging it once; the median of the rounds.</param>
/// <param name="AllocatedBytes">For once.</param>
/// <param name="GoalMicroseconds">Null where only the growth over sizes matters.</param>
internal sealed record DecisionFigure(string Statement, int Bytes, double Microseconds, long AllocatedBytes, double? GoalMicroseconds);
