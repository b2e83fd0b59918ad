namespace Proxy.Host.Identity.Revocation;

/// <summary>A live session, for whoever wants to end it.</summary>
public sealed record SessionListing
{
    public required Guid Id { get; init; }
    public required DateTimeOffset Since { get; init; }
    public required DateTimeOffset EndsAt { get; init; }
    public required string Target { get; init; }
    public required string Issuer { get; init; }
    public required string Subject { get; init; }
    public string? Agent { get; init; }
    public string? Human { get; init; }
    public string? Task { get; init; }
    public string? TokenId { get; init; }
    public string? Grant { get; init; }
}
