using System.Collections.Immutable;

namespace Proxy.Host.Configuration.Rules;

internal sealed record RuleRisk
{
    public ImmutableArray<string> AnyOf { get; init; } = [];
    public ImmutableArray<string> NoneOf { get; init; } = [];
    public ImmutableArray<string> Within { get; init; } = [];
}
