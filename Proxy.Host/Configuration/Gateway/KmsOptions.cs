namespace Proxy.Host.Configuration.Gateway;

/// <summary>Keys of the journal in AWS KMS; credentials come from where the SDK finds them.</summary>
public sealed record KmsOptions
{
    /// <summary>A symmetric key, by id or ARN.</summary>
    public required string SealingKey { get; init; }

    /// <summary>A key ECC_NIST_P256 for signing, by id or ARN.</summary>
    public required string SigningKey { get; init; }
    public string? Region { get; init; }

    /// <summary>Instead of the region's own endpoint.</summary>
    public Uri? ServiceUrl { get; init; }
}
