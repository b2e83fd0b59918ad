namespace Proxy.Host.Identity.Revocation;

/// <summary>What the operator asks for, as it goes over the local sockets.</summary>
public sealed record RevokeCall
{
    public required RevokedSubject Subject { get; init; }
    public required string Value { get; init; }

    /// <summary>The issuer's name in gateway.yaml, or its URL; null: whatever issuer.</summary>
    public string? Issuer { get; init; }
    public string Reason { get; init; } = "";

    /// <summary>For how long; null: until it is lifted (a token: longer than any token lives).</summary>
    public long? Seconds { get; init; }

    /// <summary>Who asks; filled in by whoever knows it, never by the caller.</summary>
    public string By { get; init; } = "";

    public bool Lifts { get; init; }
}
