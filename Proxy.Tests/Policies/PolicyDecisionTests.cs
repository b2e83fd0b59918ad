using NUnit.Framework;
using Proxy.Core.Explaining;
using Proxy.Tests.Host.Configuration;

namespace Proxy.Tests.Policies;

/// <summary>What policies/ says about statements is what the gateway decides.</summary>
public sealed class PolicyDecisionTests
{
    [TestCaseSource(typeof(PolicyDirectory), nameof(PolicyDirectory.All))]
    public async Task Decisions_are_as_the_table_says(PolicyDirectory policy)
    {
        await using var hospital = await Hospital.StartAsync(policy);
        var decided = new List<string>();
        foreach (var line in policy.Decisions)
        {
            var explanation = await hospital.ExplainAsync(line.Principal(hospital.Issuer), line.Statement, FixedTime.Noon);
            decided.Add((line with { Expected = Words(explanation.Decision) }).ToString());
        }

        Assert.That(decided, Is.EqualTo(policy.Decisions.Select(static line => line.ToString())), () => string.Join('\n', decided));
    }

    [TestCaseSource(typeof(PolicyDirectory), nameof(PolicyDirectory.All))]
    public void Every_policy_is_decided_on_at_least_ten_statements(PolicyDirectory policy) =>
        Assert.That(policy.Decisions, Has.Count.GreaterThanOrEqualTo(10));

    [Test]
    public void The_demonstration_classifies_the_same_hospital_the_same_way()
    {
        var demonstration = Rules(File.ReadAllText(Path.Combine(ConfigurationDirectory.RepositoryRoot, "demo", "policy", "classification.yaml"))).ToArray();
        var other = Array.IndexOf(demonstration, "  hospital-mariadb:");
        Assert.That(demonstration[..other].Where(IsSaid), Is.EqualTo(Rules(PolicyDirectory.Classification).Where(IsSaid)));
        // What PostgreSQL calls a schema is a database there.
        Assert.That(demonstration[(other + 1)..].Where(IsSaid).Select(static line => line.Replace("hospital.", "public.", StringComparison.Ordinal)),
            Is.EqualTo(demonstration[..other].SkipWhile(static line => line != "  hospital:").Skip(1).Where(IsSaid)));
    }

    private static bool IsSaid(string line) => line.Length > 0;

    private static IEnumerable<string> Rules(string yaml) =>
        yaml.Split('\n').Where(static line => !line.TrimStart().StartsWith('#'));

    private static string Words(DecisionExplanation decision) => $"{decision.Verdict} {decision.Profile ?? decision.Code}";
}
