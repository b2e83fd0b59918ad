namespace Proxy.Host.Configuration.Gateway;

/// <summary>Where heads of the journal are kept in another trust domain. Exactly one is set.</summary>
public sealed record AnchorOptions
{
    /// <summary>A file on what another machine or owner keeps; heads are appended.</summary>
    public string? File { get; init; }

    /// <summary>Takes each head in a POST and answers 2xx when it is kept.</summary>
    public Uri? Url { get; init; }

    public S3AnchorOptions? S3 { get; init; }
}
