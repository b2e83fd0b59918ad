using System.Collections.Immutable;

namespace Proxy.Host.Identity;

/// <summary>What a development token shall say.</summary>
public sealed record DevelopmentTokenRequest
{
    public const string DefaultIssuer = "https://development.phigate.invalid";
    public const string DefaultAudience = "phigate";

    public string Issuer { get; init; } = DefaultIssuer;
    public string Audience { get; init; } = DefaultAudience;
    public required string Subject { get; init; }
    public string? Agent { get; init; }

    /// <summary>When set, the token is one of delegation (RFC 8693): sub is the human, act.sub the agent.</summary>
    public string? Human { get; init; }
    public ImmutableArray<string> Groups { get; init; } = [];
    public ImmutableDictionary<string, string> Claims { get; init; } = ImmutableDictionary<string, string>.Empty;
    public int LifetimeSeconds { get; init; } = 3600;
}
