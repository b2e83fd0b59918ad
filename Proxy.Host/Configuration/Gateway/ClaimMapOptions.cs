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

    /// <summary>What it works on; not given: nobody says.</summary>
    public ImmutableArray<string> Task { get; init; } = [];

    /// <summary>Where it runs; not given: nobody says.</summary>
    public ImmutableArray<string> Workload { get; init; } = [];
    public string Groups { get; init; } = "groups";

    /// <summary>
    /// Which of agent, human, task, workload and groups the holder of the token chooses itself, so that the issuer's signature proves no more
    /// than that it said so (the request tags of an AWS token).
    /// </summary>
    public ImmutableArray<string> SelfDeclared { get; init; } = [];
}
