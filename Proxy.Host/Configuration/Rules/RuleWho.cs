using System.Collections.Immutable;

namespace Proxy.Host.Configuration.Rules;

internal sealed record RuleWho
{
    public ImmutableArray<string> Issuers { get; init; } = [];
    public ImmutableArray<string> Subjects { get; init; } = [];
    public ImmutableArray<string> Agents { get; init; } = [];
    public ImmutableArray<string> Humans { get; init; } = [];
    public ImmutableArray<string> Groups { get; init; } = [];
    public ImmutableArray<string> Tasks { get; init; } = [];
    public ImmutableArray<string> Workloads { get; init; } = [];
    public RuleMarks? AtLeast { get; init; }
    public ImmutableDictionary<string, ImmutableArray<string>> Claims { get; init; } = ImmutableDictionary<string, ImmutableArray<string>>.Empty;
}
