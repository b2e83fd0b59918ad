using System.Collections.Immutable;

namespace Proxy.Host.Configuration.Classification;

/// <summary>A target in classification.yaml: table → column → class, then patterns in order; and functions.</summary>
internal sealed record ClassifiedTarget
{
    public ImmutableDictionary<string, ImmutableDictionary<string, string>> Tables { get; init; } =
        ImmutableDictionary<string, ImmutableDictionary<string, string>>.Empty;
    public ImmutableArray<ClassifiedPattern> Patterns { get; init; } = [];

    /// <summary>Kind of individuals → the columns that are their key.</summary>
    public ImmutableDictionary<string, ImmutableArray<string>> Subjects { get; init; } = ImmutableDictionary<string, ImmutableArray<string>>.Empty;
    public ImmutableArray<DeclaredFunction> Functions { get; init; } = [];
}
