using System.Collections.Immutable;

namespace Proxy.Host.Configuration.Gateway;

/// <summary>A program that prints a credential as JSON, so that any secret store can be asked.</summary>
public sealed record CommandCredentialOptions
{
    /// <summary>The program by its path, and its arguments. No shell reads them.</summary>
    public required ImmutableArray<string> Run { get; init; }
    public int TimeoutSeconds { get; init; } = 10;

    /// <summary>How long an answer without <c>expires_at</c> is used.</summary>
    public int CacheSeconds { get; init; } = 300;

    /// <summary>Variables of PhiGate's environment that it gets beside PATH, HOME, LANG and TZ: others may be secrets that are not its business.</summary>
    public ImmutableArray<string> Environment { get; init; } = [];
}
