namespace Proxy.Host.Configuration.Gateway;

/// <summary>When an issuer's keys are fetched and how long they are believed.</summary>
public sealed record IssuerKeyOptions
{
    public int RefreshSeconds { get; init; } = 43200;

    /// <summary>At most one fetch in this time because a token names a key that is not known: otherwise anyone could make us call the issuer.</summary>
    public int RefreshOnUnknownKeySecondsMin { get; init; } = 30;

    /// <summary>Keys older than this admit nobody.</summary>
    public int AgeSecondsMax { get; init; } = 86400;
    public int FetchTimeoutSeconds { get; init; } = 5;
}
