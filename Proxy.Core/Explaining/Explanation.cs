using System.Collections.Immutable;

namespace Proxy.Core.Explaining;

/// <summary>
/// What PhiGate makes of a text for one identity: the answer of <c>phigate explain</c>, in the form of schemas/explanation.schema.json. Names of
/// objects only; no literal of the statement and no value of the database.
/// </summary>
public sealed record Explanation
{
    /// <summary>Of this form; a program that reads it should look.</summary>
    public int Version { get; init; } = 1;
    public required string Identity { get; init; }
    public required string Target { get; init; }
    public required string Database { get; init; }

    /// <summary>Digest of the configuration that decided.</summary>
    public required string PolicyVersion { get; init; }

    /// <summary>What the identity may use up on the target within an hour, by kind; empty where nothing is limited.</summary>
    public required ImmutableSortedDictionary<string, long> Budget { get; init; }

    /// <summary>How the text was read: <c>read</c>, <c>syntax-error</c>, <c>too-long</c>, …</summary>
    public required string Status { get; init; }

    /// <summary>The text runs as a whole or not at all.</summary>
    public required DecisionExplanation Decision { get; init; }
    public required ImmutableArray<StatementExplanation> Statements { get; init; }
}
