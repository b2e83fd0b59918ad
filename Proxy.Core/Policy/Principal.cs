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

    /// <summary>What it is working on (a ticket, a run), when somebody says so.</summary>
    public string? Task { get; init; }

    /// <summary>Where the agent runs (a pod, a repository, a role), when the token says so.</summary>
    public string? Workload { get; init; }
    public ImmutableArray<string> Groups { get; init; } = [];

    /// <summary>
    /// The token's other top-level claims that are texts, numbers, truth values or lists of texts, for rules to ask about. They are the
    /// issuer's words; nothing in them is ever used as an identity.
    /// </summary>
    public FrozenDictionary<string, ImmutableArray<string>> Claims { get; init; } = FrozenDictionary<string, ImmutableArray<string>>.Empty;

    /// <summary>
    /// Who acts for whom, the present actor first, then those before it (RFC 8693 §4.1). Only the first is an identity; the others are history
    /// and must not decide anything.
    /// </summary>
    public ImmutableArray<string> Actors { get; init; } = [];

    public string? TokenId { get; init; }

    /// <summary>How each of these facts is known.</summary>
    public IdentityMarks Marks { get; init; } = IdentityMarks.AllVerified;

    /// <summary>When the issuer's rule ends the session: with the token, unless the operator gave its sessions a time of their own.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    public override string ToString() => $"{Subject} ({Issuer})";
}
