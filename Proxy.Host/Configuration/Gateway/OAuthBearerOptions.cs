namespace Proxy.Host.Configuration.Gateway;

/// <summary>OAUTHBEARER on a listener: where a client that has no token is sent to get one.</summary>
public sealed record OAuthBearerOptions
{
    /// <summary>The name of one of the issuers.</summary>
    public required string Issuer { get; init; }

    public string Scope { get; init; } = "openid";
}
