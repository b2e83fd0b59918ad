namespace Proxy.Host.Identity.Credentials;

/// <summary>What somebody with a token asks the desk for. The texts are the holder's own words.</summary>
public sealed record CredentialRequest
{
    /// <summary><c>target</c> or <c>target/database</c>.</summary>
    public string Target { get; init; } = "";

    public int Connections { get; init; } = 1;

    /// <summary><c>session</c>, or <c>request</c>: one transaction, or one statement outside of one.</summary>
    public string Scope { get; init; } = "session";

    /// <summary>How long it can be used to connect; null: as long as may be.</summary>
    public int? LifetimeSeconds { get; init; }

    /// <summary>How long a session lives; null: as long as may be.</summary>
    public int? SessionSeconds { get; init; }

    public string Reason { get; init; } = "";

    public string Task { get; init; } = "";
}
