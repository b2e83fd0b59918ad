namespace Proxy.Host.Configuration.Classification;

/// <summary>A pattern in classification.yaml; at least one of columns and type is set.</summary>
internal sealed record ClassifiedPattern
{
    public string? Columns { get; init; }
    public string? Type { get; init; }
    public required string Class { get; init; }
}
