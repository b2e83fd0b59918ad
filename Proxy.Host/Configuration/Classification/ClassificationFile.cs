using System.Collections.Immutable;

namespace Proxy.Host.Configuration.Classification;

/// <summary>classification.yaml as written.</summary>
internal sealed record ClassificationFile
{
    public required int Version { get; init; }
    public required ImmutableDictionary<string, ClassifiedTarget> Targets { get; init; }
}
