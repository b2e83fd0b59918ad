using System.Collections.Immutable;

namespace Proxy.Host.Configuration.Rules;

internal sealed record RuleWhere
{
    public ImmutableArray<string> Targets { get; init; } = [];
    public ImmutableArray<string> Databases { get; init; } = [];
}
