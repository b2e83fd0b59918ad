using System.Collections.Immutable;

namespace Proxy.Host.Configuration.Gateway;

/// <summary>Which claims name whom: a claim's name, or a JSON pointer. Of a list, the first that is there counts.</summary>
public sealed record ClaimMapOptions
{
    public string Subject { get; init; } = "sub";

    /// <summary>Not given: act.sub where the token has it (RFC 8693), otherwise azp, otherwise client_id.</summary>
    public ImmutableArray<string>? Agent { get; init; }

    /// <summary>Not given: sub where the token has act.sub (RFC 8693), otherwise nobody.</summary>
    public ImmutableArray<string>? Human { get; init; }
    public string Groups { get; init; } = "groups";
}
