using Proxy.Bench.Servers;

namespace Proxy.Bench.Demo;

/// <summary>Three ways to one hospital.</summary>
/// <param name="Direct">The application's own login, without PhiGate.</param>
/// <param name="Agent">Through PhiGate, shown the profile redacted.</param>
/// <param name="Researcher">Through PhiGate, shown the profile pseudonymous.</param>
internal sealed record Doors(Endpoint Direct, Endpoint Agent, Endpoint Researcher);
