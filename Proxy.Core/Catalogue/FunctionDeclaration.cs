namespace Proxy.Core.Catalogue;

/// <summary>What a person says of one function as its body is now. Another body of the same name is another function to review.</summary>
public sealed record FunctionDeclaration
{
    public required string Schema { get; init; }
    public required string Name { get; init; }

    /// <summary>See <see cref="CatalogueFunction.BodyHash"/>.</summary>
    public required string BodyHash { get; init; }

    /// <summary><see cref="FunctionReview.Shown"/>, <see cref="FunctionReview.Clean"/> or <see cref="FunctionReview.Masked"/>.</summary>
    public required FunctionReview Review { get; init; }

    /// <summary>Where it was written, <c>classification.yaml:12:7</c>.</summary>
    public required string Origin { get; init; }
}
