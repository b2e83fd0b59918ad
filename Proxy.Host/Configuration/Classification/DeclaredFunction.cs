namespace Proxy.Host.Configuration.Classification;

/// <summary>A function in classification.yaml that somebody has read.</summary>
internal sealed record DeclaredFunction
{
    /// <summary>schema.name; every overload of it is to be declared.</summary>
    public required string Name { get; init; }
    public required string Sha256 { get; init; }
    public required string Shows { get; init; }
}
