using System.Collections.Frozen;
using System.Collections.Immutable;
using NUnit.Framework;
using Proxy.Core.Masking;
using Proxy.Core.Policy;

namespace Proxy.Tests.Core.Policy;

public sealed class AccessPolicyTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    private static readonly Principal Agent = new()
    {
        Issuer = "https://issuer.example",
        Subject = "repo:acme/billing",
        Agent = "agent-7",
        Human = "kim",
        Groups = ["developers", "oncall"],
        Claims = new Dictionary<string, ImmutableArray<string>> { ["purpose"] = ["support", "debug"] }.ToFrozenDictionary(),
        ExpiresAt = Noon.AddHours(1),
    };

    private static readonly AccessRule AllowReads = new()
    {
        Name = "reads",
        Verdict = Verdict.Allow,
        Risk = new RiskCondition { Within = RiskClasses.Read | RiskClasses.PhiRead | RiskClasses.Session },
    };

    private static Decision Decide(RiskClasses risk, params ImmutableArray<AccessRule> rules) =>
        new AccessPolicy(rules, "v1").Decide(Agent, "hospital", "main", risk, Noon);

    [Test]
    public void Without_rules_everything_is_refused()
    {
        var decision = Decide(RiskClasses.Read);

        Assert.That(decision.Verdict, Is.EqualTo(Verdict.Refuse));
        Assert.That(decision.Rule, Is.Empty);
        Assert.That(decision.Refusal!.Code, Is.EqualTo("rule-refused"));
    }

    [Test]
    public void The_zero_values_refuse_and_redact()
    {
        Assert.That(default(Verdict), Is.EqualTo(Verdict.Refuse));
        Assert.That(default(MaskProfile), Is.EqualTo(MaskProfile.Redacted));
        Assert.That(new AccessRule { Name = "empty" }.Effect, Is.EqualTo((Verdict.Refuse, MaskProfile.Redacted)));
        Assert.That(Decide(default, AllowReads).IsForwarded, Is.False);
    }

    [Test]
    public void The_first_rule_that_matches_wins()
    {
        var refuseAll = new AccessRule { Name = "freeze", Verdict = Verdict.Refuse };

        Assert.That(Decide(RiskClasses.Read, AllowReads, refuseAll).Rule, Is.EqualTo("reads"));
        Assert.That(Decide(RiskClasses.Read, refuseAll, AllowReads).Rule, Is.EqualTo("freeze"));
    }

    [Test]
    public void A_decision_names_its_rule_its_policy_version_and_what_was_judged()
    {
        var decision = Decide(RiskClasses.Read | RiskClasses.PhiRead, AllowReads);

        Assert.That(
            (decision.Rule, decision.PolicyVersion, decision.Risk),
            Is.EqualTo(("reads", "v1", RiskClasses.Read | RiskClasses.PhiRead)));
    }

    [TestCase(Verdict.Allow, MaskProfile.Redacted, Verdict.Mask, MaskProfile.Redacted)]
    [TestCase(Verdict.Allow, MaskProfile.Pseudonymous, Verdict.Mask, MaskProfile.Pseudonymous)]
    [TestCase(Verdict.Allow, MaskProfile.Unmasked, Verdict.Allow, MaskProfile.Unmasked)]
    [TestCase(Verdict.Mask, MaskProfile.Redacted, Verdict.Mask, MaskProfile.Redacted)]
    [TestCase(Verdict.Mask, MaskProfile.Unmasked, Verdict.Mask, MaskProfile.Redacted)]
    [TestCase(Verdict.Hold, MaskProfile.Unmasked, Verdict.Hold, MaskProfile.Redacted)]
    [TestCase(Verdict.Refuse, MaskProfile.Unmasked, Verdict.Refuse, MaskProfile.Redacted)]
    public void Only_allow_with_unmasked_shows_values_as_they_are(Verdict verdict, MaskProfile profile, Verdict then, MaskProfile with)
    {
        var decision = Decide(RiskClasses.Read, new AccessRule { Name = "rule", Verdict = verdict, Profile = profile });

        Assert.That((decision.Verdict, decision.Profile), Is.EqualTo((then, with)));
    }

    [Test]
    public void A_hold_is_refused_in_the_shape_of_a_ticket()
    {
        var decision = Decide(RiskClasses.Write, new AccessRule { Name = "writes", Verdict = Verdict.Hold });

        Assert.That(decision.IsForwarded, Is.False);
        Assert.That(decision.Refusal, Has.Property(nameof(Refusal.Code)).EqualTo("approval-required"));
        Assert.That(decision.Refusal!.CanRetry);
    }

    [Test]
    public void Unknown_is_allowed_only_by_a_rule_that_names_it()
    {
        var anything = new AccessRule { Name = "anything", Verdict = Verdict.Allow };
        var named = anything with { Name = "named", Risk = new RiskCondition { Within = RiskClasses.Unknown | RiskClasses.Read } };

        Assert.That(Decide(RiskClasses.Unknown | RiskClasses.Read, anything).IsForwarded, Is.False);
        Assert.That(Decide(RiskClasses.None, anything).IsForwarded, Is.False);
        Assert.That(Decide(RiskClasses.Unknown | RiskClasses.Read, named).IsForwarded);
    }

    [Test]
    public void A_statement_that_also_does_something_else_is_not_carried_by_the_allowed_part() =>
        Assert.That(Decide(RiskClasses.Read | RiskClasses.Schema, AllowReads).IsForwarded, Is.False);

    [Test]
    public void A_risk_class_unknown_to_this_version_is_not_covered() =>
        Assert.That(Decide((RiskClasses)(1 << 20) | RiskClasses.Read, new AccessRule { Name = "any", Verdict = Verdict.Allow }).IsForwarded, Is.False);

    [TestCase(RiskClasses.Write, false)]
    [TestCase(RiskClasses.Write | RiskClasses.Schema, false)]
    [TestCase(RiskClasses.Read, true)]
    public void A_refusing_rule_matches_any_of_its_classes(RiskClasses risk, bool forwarded)
    {
        var refuseWrites = new AccessRule { Name = "no-writes", Risk = new RiskCondition { AnyOf = RiskClasses.Write | RiskClasses.Export } };
        var allowAll = new AccessRule { Name = "rest", Verdict = Verdict.Allow };

        Assert.That(Decide(risk, refuseWrites, allowAll).IsForwarded, Is.EqualTo(forwarded));
    }

    [Test]
    public void None_of_keeps_a_rule_from_matching()
    {
        var rule = new AccessRule { Name = "no-bulk", Verdict = Verdict.Allow, Risk = new RiskCondition { NoneOf = RiskClasses.BulkRead } };

        Assert.That(Decide(RiskClasses.Read, rule).IsForwarded);
        Assert.That(Decide(RiskClasses.Read | RiskClasses.BulkRead, rule).IsForwarded, Is.False);
    }

    private static IEnumerable<TestCaseData> Conditions()
    {
        static TestCaseData Case(bool matches, string name, PrincipalCondition who) => new TestCaseData(who, matches).SetArgDisplayNames(name);
        static ImmutableArray<TextPattern> Of(params string[] patterns) => [.. patterns.Select(pattern => new TextPattern(pattern))];
        static FrozenDictionary<string, ImmutableArray<TextPattern>> Claim(string name, string pattern) =>
            new Dictionary<string, ImmutableArray<TextPattern>> { [name] = Of(pattern) }.ToFrozenDictionary();

        yield return Case(true, "issuer", new() { Issuers = ["https://issuer.example"] });
        yield return Case(false, "other issuer", new() { Issuers = ["https://issuer.example/"] });
        yield return Case(true, "subject exact", new() { Subjects = Of("repo:acme/billing") });
        yield return Case(true, "subject glob", new() { Subjects = Of("repo:acme/*") });
        yield return Case(false, "subject in other case", new() { Subjects = Of("repo:ACME/*") });
        yield return Case(true, "agent", new() { Agents = Of("agent-?") });
        yield return Case(false, "other agent", new() { Agents = Of("agent") });
        yield return Case(true, "any human", new() { Humans = Of("*") });
        yield return Case(true, "second group", new() { Groups = Of("oncall") });
        yield return Case(false, "no group", new() { Groups = Of("dba") });
        yield return Case(true, "claim with one value that matches", new() { Claims = Claim("purpose", "debug") });
        yield return Case(false, "claim with other value", new() { Claims = Claim("purpose", "marketing") });
        yield return Case(false, "claim that is missing", new() { Claims = Claim("baa", "*") });
        yield return Case(false, "one of two conditions", new() { Agents = Of("agent-7"), Groups = Of("dba") });
    }

    [TestCaseSource(nameof(Conditions))]
    public void Every_condition_on_the_principal_must_hold(PrincipalCondition who, bool matches) =>
        Assert.That(Decide(RiskClasses.Read, AllowReads with { Who = who }).IsForwarded, Is.EqualTo(matches));

    [Test]
    public void A_principal_without_human_or_agent_matches_no_pattern_for_one()
    {
        var lone = Agent with { Human = null, Agent = null };

        Assert.That(new PrincipalCondition { Humans = [new("*")] }.Matches(lone), Is.False);
        Assert.That(new PrincipalCondition { Agents = [new("*")] }.Matches(lone), Is.False);
    }

    [TestCase("hospital", "main", true)]
    [TestCase("other", "main", false)]
    [TestCase("hospital", "other", false)]
    public void Targets_and_databases_are_compared_by_name(string target, string database, bool matches)
    {
        var policy = new AccessPolicy([AllowReads with { Targets = ["hospital"], Databases = ["main"] }], "v1");

        Assert.That(policy.Decide(Agent, target, database, RiskClasses.Read, Noon).IsForwarded, Is.EqualTo(matches));
    }

    [Test]
    public void A_decision_inside_a_time_window_is_not_reused_outside_it()
    {
        var window = new TimeWindow { From = new(8, 0), To = new(18, 0), Zone = TimeZoneInfo.Utc };
        var session = new AccessPolicy([AllowReads with { When = window }], "v1").For(Agent, "hospital", "main");

        Assert.That(session.Decide(RiskClasses.Read, Noon).IsForwarded);
        Assert.That(session.Decide(RiskClasses.Read, Noon.AddHours(6)).IsForwarded, Is.False);
    }

    [Test]
    public void The_same_question_gets_the_same_decision_without_a_new_one_being_made()
    {
        var session = new AccessPolicy([AllowReads], "v1").For(Agent, "hospital", "main");

        var first = session.Decide(RiskClasses.Read, Noon);

        Assert.That(session.Decide(RiskClasses.Read, Noon), Is.SameAs(first));
        Assert.That(session.Decide(RiskClasses.Schema, Noon).IsForwarded, Is.False);
    }

    [Test]
    public void Session_settings_come_from_the_first_rule_that_concerns_the_principal_and_has_any()
    {
        var foreign = AllowReads with { Name = "foreign", Targets = ["other"], Session = new() { StatementTimeoutMs = 1 } };
        var own = AllowReads with { Name = "own", Session = new() { ReadOnly = true } };

        var session = new AccessPolicy([foreign, AllowReads, own], "v1").For(Agent, "hospital", "main");

        Assert.That(session.Session, Is.EqualTo(new SessionSettings { ReadOnly = true }));
    }

    [Test]
    public void A_principal_whom_only_refusing_rules_concern_can_never_forward()
    {
        var refuse = new AccessRule { Name = "blocked" };

        Assert.That(new AccessPolicy([refuse], "v1").For(Agent, "hospital", "main").CanEverForward, Is.False);
        Assert.That(new AccessPolicy([refuse, AllowReads], "v1").For(Agent, "hospital", "main").CanEverForward);
    }

    [Test]
    public void A_decision_that_carries_a_refusal_is_never_forwarded()
    {
        var contradiction = new Decision(Verdict.Allow, MaskProfile.Unmasked, "r", RiskClasses.Read, Refusals.NotText.Because("x"));

        Assert.That(contradiction.IsForwarded, Is.False);
    }
}
