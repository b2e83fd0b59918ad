using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Proxy.Core.Policy;

/// <summary>Who a rule is about. Every list that is given must match; an empty list asks nothing; within a list one match is enough.</summary>
public sealed record PrincipalCondition
{
    // Before Anyone, which is made with it.
    public static IdentityMarks DefaultAtLeast { get; } = new()
    {
        Agent = Provenance.Mapped,
        Human = Provenance.Mapped,
        Task = Provenance.Mapped,
        Workload = Provenance.Mapped,
        Groups = Provenance.Mapped,
    };

    public static PrincipalCondition Anyone { get; } = new();

    /// <summary>Issuer URLs, compared exactly: an issuer is a root of trust, and a pattern over those is a mistake.</summary>
    public ImmutableArray<string> Issuers { get; init; } = [];
    public ImmutableArray<TextPattern> Subjects { get; init; } = [];

    /// <summary>A principal without an agent matches no pattern here, not even <c>*</c>.</summary>
    public ImmutableArray<TextPattern> Agents { get; init; } = [];

    /// <summary>A principal without a human behind it matches no pattern here, not even <c>*</c>.</summary>
    public ImmutableArray<TextPattern> Humans { get; init; } = [];
    public ImmutableArray<TextPattern> Groups { get; init; } = [];

    /// <summary>A principal without a task matches no pattern here, not even <c>*</c>.</summary>
    public ImmutableArray<TextPattern> Tasks { get; init; } = [];

    /// <summary>A principal without a workload matches no pattern here, not even <c>*</c>.</summary>
    public ImmutableArray<TextPattern> Workloads { get; init; } = [];

    /// <summary>
    /// How well the facts that are asked for must be known. The default takes no self-declared fact: whoever names a task in order to be let in
    /// must not be believed without the operator saying so.
    /// </summary>
    public IdentityMarks AtLeast { get; init; } = DefaultAtLeast;

    /// <summary>Claims that must be there, each with one value that matches one of its patterns.</summary>
    public FrozenDictionary<string, ImmutableArray<TextPattern>> Claims { get; init; } =
        FrozenDictionary<string, ImmutableArray<TextPattern>>.Empty;

    public bool Matches(Principal principal) =>
        (Issuers.IsEmpty || Issuers.Contains(principal.Issuer, StringComparer.Ordinal))
        && Matches(Subjects, principal.Subject)
        && Matches(Agents, principal.Agent, principal.Marks.Agent, AtLeast.Agent)
        && Matches(Humans, principal.Human, principal.Marks.Human, AtLeast.Human)
        && Matches(Tasks, principal.Task, principal.Marks.Task, AtLeast.Task)
        && Matches(Workloads, principal.Workload, principal.Marks.Workload, AtLeast.Workload)
        && (Groups.IsEmpty || (principal.Marks.Groups >= AtLeast.Groups && MatchesAny(Groups, principal.Groups)))
        && MatchesClaims(principal);

    private bool MatchesClaims(Principal principal)
    {
        foreach (var (claim, patterns) in Claims)
            if (!principal.Claims.TryGetValue(claim, out var values) || !MatchesAny(patterns, values))
                return false;
        return true;
    }

    private static bool Matches(ImmutableArray<TextPattern> patterns, string? value, Provenance known, Provenance needed) =>
        patterns.IsEmpty || (known >= needed && Matches(patterns, value));

    private static bool Matches(ImmutableArray<TextPattern> patterns, string? value) =>
        patterns.IsEmpty || (value is not null && MatchesOne(patterns, value));

    private static bool MatchesAny(ImmutableArray<TextPattern> patterns, ImmutableArray<string> values)
    {
        foreach (var value in values)
            if (MatchesOne(patterns, value))
                return true;
        return false;
    }

    private static bool MatchesOne(ImmutableArray<TextPattern> patterns, string value)
    {
        foreach (var pattern in patterns)
            if (pattern.IsMatch(value))
                return true;
        return false;
    }
}
