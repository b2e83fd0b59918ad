using System.Collections.Immutable;

namespace Proxy.Host.Configuration.Gateway;

/// <summary>An issuer of tokens and what a token of it must be like.</summary>
public sealed record IssuerOptions
{
    public required string Name { get; init; }

    /// <summary>Compared exactly with the claim <c>iss</c>, and with the issuer that its discovery document states.</summary>
    public required string Issuer { get; init; }

    /// <summary>Keys from a file instead of by discovery.</summary>
    public string? JwksFile { get; init; }

    /// <summary>The discovery document; null means <c>{Issuer}/.well-known/openid-configuration</c>.</summary>
    public string? MetadataAddress { get; init; }

    /// <summary>PEM of the authorities to trust for its https; null means the machine's.</summary>
    public string? CaFile { get; init; }
    public bool IAcceptHttpOnLoopback { get; init; }
    public required ImmutableArray<string> Audiences { get; init; }

    /// <summary>Whether <c>aud</c> may list others beside one of ours.</summary>
    public bool AllowSeveralAudiences { get; init; }

    /// <summary>When not empty, <c>azp</c> must be there and be one of them.</summary>
    public ImmutableArray<string> AuthorizedParties { get; init; } = [];
    public ImmutableArray<string> Algorithms { get; init; } = ["RS256", "PS256", "ES256", "ES384"];

    /// <summary>Accepted values of the header <c>typ</c>, in any case; a token without one counts as JWT.</summary>
    public ImmutableArray<string> Types { get; init; } = ["at+jwt", "application/at+jwt", "JWT"];
    public int ClockSkewSeconds { get; init; } = 30;
    public int TokenLifetimeSecondsMax { get; init; } = 3600;
    public int SessionLifetimeSecondsMax { get; init; } = 43200;

    /// <summary>
    /// How long a session of this issuer lives, whatever is left of its token: for issuers whose tokens live for minutes (CI). Null: until the
    /// token expires.
    /// </summary>
    public int? SessionLifetimeSeconds { get; init; }

    /// <summary>Claims (by name or JSON pointer) that must be there, each with a value that matches one of its patterns; * and ? are wildcards.</summary>
    public ImmutableDictionary<string, ImmutableArray<string>> RequiredClaims { get; init; } = ImmutableDictionary<string, ImmutableArray<string>>.Empty;

    /// <summary>Whether a token must be bound to a client certificate (RFC 8705). One that is bound is held to it in any case.</summary>
    public bool RequireClientCertificate { get; init; }

    /// <summary>Who answers for an agent whose tokens name no human: agent → human. Recorded as mapped.</summary>
    public ImmutableDictionary<string, string> Owners { get; init; } = ImmutableDictionary<string, string>.Empty;
    public IssuerKeyOptions Keys { get; init; } = new();
    public ClaimMapOptions Claims { get; init; } = new();
}
