using System.Collections.Immutable;
using Proxy.Core.Policy;

namespace Proxy.Core.Explaining;

/// <summary>Why rules did not match before one did. The rules themselves say whether; this only finds words for it.</summary>
internal static class RuleTrace
{
    public static ImmutableArray<RuleExplanation> Of(
        AccessPolicy policy, Principal principal, string target, string database, StatementRisks risks, DateTimeOffset now)
    {
        var trace = ImmutableArray.CreateBuilder<RuleExplanation>();
        foreach (var rule in policy.Rules)
        {
            var isMatch = rule.Concerns(principal, target, database) && rule.Matches(risks, now);
            trace.Add(new RuleExplanation(rule.Name, isMatch, isMatch ? Effect(rule) : Reason(rule, principal, target, database, risks, now)));
            if (isMatch)
                break;
        }
        return trace.ToImmutable();
    }

    private static string Effect(AccessRule rule)
    {
        var (verdict, profile) = rule.Effect;
        return verdict is Verdict.Mask or Verdict.Allow ? $"{Words.Of(verdict)} {Words.Of(profile)}" : Words.Of(verdict);
    }

    private static string Reason(AccessRule rule, Principal principal, string target, string database, StatementRisks risks, DateTimeOffset now)
    {
        if (!rule.Targets.IsEmpty && !rule.Targets.Contains(target, StringComparer.Ordinal))
            return $"where: not target {target}";
        if (!rule.Databases.IsEmpty && !rule.Databases.Contains(database, StringComparer.Ordinal))
            return $"where: not database {database}";
        if (!rule.Who.Matches(principal))
            return $"who: not {string.Join(", ", WhoFails(rule.Who, principal))}";
        if (rule.When is { } when && !when.Contains(now))
            return "when: not at this time";
        return $"risk: {Risk(rule, risks)}";
    }

    private static IEnumerable<string> WhoFails(PrincipalCondition who, Principal principal)
    {
        if (!new PrincipalCondition { Issuers = who.Issuers }.Matches(principal))
            yield return $"issuer {principal.Issuer}";
        if (!new PrincipalCondition { Subjects = who.Subjects }.Matches(principal))
            yield return $"subject {principal.Subject}";
        if (!new PrincipalCondition { Agents = who.Agents }.Matches(principal))
            yield return $"agent {principal.Agent ?? "(none)"}";
        if (!new PrincipalCondition { Humans = who.Humans }.Matches(principal))
            yield return $"human {principal.Human ?? "(none)"}";
        if (!new PrincipalCondition { Groups = who.Groups }.Matches(principal))
            yield return principal.Groups.IsEmpty ? "a principal without groups" : $"groups {string.Join(", ", principal.Groups)}";
        if (!new PrincipalCondition { Claims = who.Claims }.Matches(principal))
            yield return "these claims";
    }

    private static string Risk(AccessRule rule, StatementRisks risks)
    {
        var seen = rule.AsSeen(risks) is RiskClasses.None ? RiskClasses.Unknown : rule.AsSeen(risks);
        var condition = rule.Risk;
        if (condition.AnyOf is not RiskClasses.None && (seen & condition.AnyOf) == 0)
            return $"none of {RiskClassNames.Format(condition.AnyOf)}";
        if ((seen & condition.NoneOf) is not RiskClasses.None and var forbidden)
            return $"{RiskClassNames.Format(forbidden)} is in none-of";
        var within = condition.Within is RiskClasses.None ? RiskCondition.Known : condition.Within;
        return (risks.Classes & ~within) is RiskClasses.None
            ? "order and groups tell more than this profile shows, and inference lies outside within"
            : $"{RiskClassNames.Format(seen & ~within)} lies outside within";
    }
}
