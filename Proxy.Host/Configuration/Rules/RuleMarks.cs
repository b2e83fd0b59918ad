using Proxy.Core.Policy;

namespace Proxy.Host.Configuration.Rules;

/// <summary>How well facts must be known; what is left out is as <see cref="PrincipalCondition.DefaultAtLeast"/> says.</summary>
internal sealed record RuleMarks
{
    public Provenance? Agent { get; init; }
    public Provenance? Human { get; init; }
    public Provenance? Task { get; init; }
    public Provenance? Workload { get; init; }
    public Provenance? Groups { get; init; }
}
