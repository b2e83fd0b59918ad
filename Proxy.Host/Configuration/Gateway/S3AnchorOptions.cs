namespace Proxy.Host.Configuration.Gateway;

/// <summary>A bucket with Object Lock, best of another account.</summary>
public sealed record S3AnchorOptions
{
    public required string Bucket { get; init; }
    public string Prefix { get; init; } = "";

    /// <summary>Six years, as 45 CFR 164.316(b)(2)(i) wants of documentation. It cannot be taken back.</summary>
    public int RetentionDays { get; init; } = 2192;
    public string? Region { get; init; }

    /// <summary>Instead of the region's own endpoint.</summary>
    public Uri? ServiceUrl { get; init; }
}
