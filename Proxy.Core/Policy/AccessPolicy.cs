using System.Collections.Immutable;

namespace Proxy.Core.Policy;

/// <summary>
/// The rules as one immutable snapshot. First match wins; the default refuses. A file cut short therefore only ever loses permissions that
/// came last.
/// </summary>
public sealed class AccessPolicy(ImmutableArray<AccessRule> rules, string version)
{
    /// <summary>No rules: refuses everything.</summary>
    public static AccessPolicy RefuseEverything { get; } = new([], "none");

    public ImmutableArray<AccessRule> Rules { get; } = rules;

    /// <summary>Digest of the configuration files that the rules came from.</summary>
    public string Version { get; } = version;

    /// <summary>
    /// The rules that can concern a session of this principal on this target. Ask once per session and policy version, and decide each
    /// statement on the result: who and where do not change within a session.
    /// </summary>
    public PrincipalPolicy For(Principal principal, string target, string database) =>
        new([.. Rules.Where(rule => rule.Concerns(principal, target, database))], Version);

    /// <summary>One decision, for those who have no session.</summary>
    public Decision Decide(Principal principal, string target, string database, RiskClasses risk, DateTimeOffset now) =>
        For(principal, target, database).Decide(risk, now);
}
