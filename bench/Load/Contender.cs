using Proxy.Bench.Servers;

namespace Proxy.Bench.Load;

/// <summary>One way to reach the server.</summary>
/// <param name="System">direct, haproxy, pgbouncer or phigate.</param>
/// <param name="Protocol">postgres or mysql.</param>
/// <param name="Endpoint">Where clients connect.</param>
/// <param name="ProcessId">The process whose time is counted; null when there is none in between.</param>
/// <param name="Profile">How PhiGate shows PHI to this client; null for the others, which mask nothing.</param>
internal sealed record Contender(string System, string Protocol, Endpoint Endpoint, int? ProcessId, string? Profile = null);
