namespace Proxy.Host.Configuration.Gateway;

/// <summary>A bucket that gets every segment that has ended, as it is, and its readable part as Parquet.</summary>
public sealed record ShippingOptions
{
    public required string Bucket { get; init; }
    public string Prefix { get; init; } = "";
    public string? Region { get; init; }

    /// <summary>Instead of the region's own endpoint.</summary>
    public Uri? ServiceUrl { get; init; }

    /// <summary>Compliance cannot be taken back by anybody; governance by whoever may bypass it.</summary>
    public ShippingLock Lock { get; init; } = ShippingLock.Compliance;

    /// <summary>Six years, as 45 CFR 164.316(b)(2)(i) wants of documentation.</summary>
    public int RetentionDays { get; init; } = 2192;

    /// <summary>A key of AWS KMS for the objects (SSE-KMS); null leaves that to the bucket.</summary>
    public string? KmsKey { get; init; }

    /// <summary>How many ended segments may wait here. Beyond, no new segment is begun, and new statements are refused.</summary>
    public int SegmentsWaitingMax { get; init; } = 256;
}
