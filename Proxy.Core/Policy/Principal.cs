using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Proxy.Core.Policy;

/// <summary>Who is asking, as proven by the token that admitted the connection.</summary>
public sealed record Principal
{
    public required string Issuer { get; init; }
    public required string Subject { get; init; }

    /// <summary>The agent (client) that holds the token, when the token names one.</summary>
    public string? Agent { get; init; }

    /// <summary>The human on whose behalf it acts, when the token names one.</summary>
    public string? Human { get; init; }
    public ImmutableArray<string> Groups { get; init; } = [];

    /// <summary>
    /// The token's other top-level claims that are texts, numbers, truth values or lists of texts, for rules to ask about. They are the
    /// issuer's words; nothing in them is ever used as an identity.
    /// </summary>
    public FrozenDictionary<string, ImmutableArray<string>> Claims { get; init; } = FrozenDictionary<string, ImmutableArray<string>>.Empty;

    public string? TokenId { get; init; }

    /// <summary>When the token stops being valid; the session ends then at the latest.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    public override string ToString() => $"{Subject} ({Issuer})";
}
