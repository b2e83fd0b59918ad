namespace Proxy.Host.Identity;

/// <summary>How it stands with an issuer's keys; for readiness and metrics.</summary>
/// <param name="Keys">How many can be used now; zero admits nobody.</param>
/// <param name="FetchedAt">When they were fetched; null before the first time.</param>
/// <param name="Problem">Why the last fetch failed; null when it did not.</param>
public sealed record IssuerStatus(string Name, int Keys, DateTimeOffset? FetchedAt, string? Problem);
