namespace Proxy.Bench.Load;

/// <summary>One name in the results.</summary>
/// <param name="Name">As in the results.</param>
/// <param name="Profile">How PhiGate shows PHI to the clients.</param>
/// <param name="RatioMax">The most processor time per transaction that PhiGate may take with TLS on both legs, pgbouncer being 1; null where nobody set a goal.</param>
internal sealed record Reading(string Name, string Profile, double? RatioMax);
