using System.Collections.Immutable;
using Proxy.Core.Masking;
using Proxy.Core.Policy.Budgets;

namespace Proxy.Core.Policy;

/// <summary>The rules that concern one principal on one target and database. Immutable but for a memo; thread-safe.</summary>
public sealed class PrincipalPolicy
{
    private readonly ImmutableArray<AccessRule> _rules;
    /// <summary>Whether a rule has hours: then a decision holds only for the moment.</summary>
    public bool DependsOnTime { get; }

    // Agents send the same kind of statement over and over; the last decision is nearly always the next one, and costs no allocation.
    private LastDecision? _last;

    internal PrincipalPolicy(ImmutableArray<AccessRule> rules, string version)
    {
        _rules = rules;
        DependsOnTime = rules.Any(rule => rule.When is not null);
        Version = version;
        Session = rules.FirstOrDefault(rule => rule.Session is not null)?.Session ?? SessionSettings.None;
        Budget = rules.FirstOrDefault(rule => rule.Budget is not null)?.Budget ?? Budget.None;
        CanEverForward = rules.Any(rule => rule.Effect.Verdict is not Verdict.Refuse);
    }

    public string Version { get; }

    /// <summary>In the order in which they are asked.</summary>
    public ImmutableArray<AccessRule> Rules => _rules;

    /// <summary>Of the first rule that concerns the principal and sets any, whatever its risk classes and times.</summary>
    public SessionSettings Session { get; }

    /// <summary>Of the first rule that concerns the principal and sets one, whatever its risk classes and times: which statement is sent decides nothing about it.</summary>
    public Budget Budget { get; }

    /// <summary>Whether any rule could let anything through; where none can, sign-in is refused.</summary>
    public bool CanEverForward { get; }

    /// <summary>Decides a statement with these risk classes. None is taken as unknown.</summary>
    public Decision Decide(RiskClasses risk, DateTimeOffset now) => Decide(StatementRisks.Of(risk), now);

    /// <summary>Decides a statement by what each rule's profile leaves of its risks.</summary>
    public Decision Decide(in StatementRisks risks, DateTimeOffset now)
    {
        if (!DependsOnTime && Volatile.Read(ref _last) is { } last && last.Risks == risks)
            return last.Decision;
        var decision = DecideByRules(risks, now);
        Volatile.Write(ref _last, new LastDecision(risks, decision));
        return decision;
    }

    private Decision DecideByRules(in StatementRisks risks, DateTimeOffset now)
    {
        foreach (var rule in _rules)
        {
            if (!rule.Matches(risks, now))
                continue;
            var risk = rule.AsSeen(risks);
            var (verdict, profile) = rule.Effect;
            var refusal = verdict switch
            {
                Verdict.Mask or Verdict.Allow => null,
                Verdict.Hold => Refusals.ApprovalRequired.Because($"rule {rule.Name} asks for approval of {RiskClassNames.Format(risk)}"),
                _ => Refusals.RuleRefused.Because($"rule {rule.Name} refuses {RiskClassNames.Format(risk)}"),
            };
            return new Decision(verdict, profile, rule.Name, risk, refusal) { PolicyVersion = Version, MinimumGroupSize = rule.MinimumGroupSize };
        }
        var byDefault = Refusals.RuleRefused.Because($"no rule allows {RiskClassNames.Format(risks.Classes)}");
        return new Decision(Verdict.Refuse, MaskProfile.Redacted, "", risks.Classes, byDefault) { PolicyVersion = Version };
    }

    private sealed record LastDecision(StatementRisks Risks, Decision Decision);
}
