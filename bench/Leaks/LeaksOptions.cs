namespace Proxy.Bench.Leaks;

/// <summary>Which attacks are run, and against which policies.</summary>
/// <param name="Corpus">A folder with servers.sh, gateway-run.sh, policy.md and schema.ENGINE.sql.</param>
/// <param name="Engine">As the corpus calls it: pg.</param>
/// <param name="Policies">Names of folders in policies/, run one after the other.</param>
/// <param name="Only">A regular expression that a case's file name must match; null for all.</param>
internal sealed record LeaksOptions(string Corpus, string Engine, IReadOnlyList<string> Policies, string? Only)
{
    public static LeaksOptions Parse(IReadOnlyList<string> arguments)
    {
        if (arguments is not [var corpus, var engine, var policies, ..] || arguments.Count > 4)
            throw new InvalidOperationException("usage: bench leaks CORPUS ENGINE POLICY[,POLICY] [ONLY]");
        if (engine != "pg")
            throw new InvalidOperationException($"ENGINE={engine}: PhiGate speaks to PostgreSQL only, ENGINE=pg.");
        var options = new LeaksOptions(
            Path.GetFullPath(corpus), engine, policies.Split(',', StringSplitOptions.RemoveEmptyEntries), arguments.ElementAtOrDefault(3) is { Length: > 0 } only ? only : null);
        foreach (var file in new[] { "servers.sh", "gateway-run.sh", "policy.md", $"schema.{engine}.sql" })
            if (!File.Exists(Path.Combine(options.Corpus, file)))
                throw new InvalidOperationException($"CORPUS={corpus}: {file} is not there.");
        foreach (var policy in options.Policies)
            if (!File.Exists(RulesOf(policy)))
                throw new InvalidOperationException($"POLICY={policy}: there is no {RulesOf(policy)}.");
        return options;
    }

    public static string RulesOf(string policy) => Path.Combine(Repository.Root, "policies", policy, "rules.yaml");
}
