using System.Collections.Immutable;

namespace Proxy.Host.Configuration.Rules;

/// <summary>rules.yaml as written.</summary>
internal sealed record RulesFile
{
    public required int Version { get; init; }

    /// <summary>Who answers for this version, as it says itself.</summary>
    public string? Author { get; init; }

    public required ImmutableArray<RuleText> Rules { get; init; }
}
