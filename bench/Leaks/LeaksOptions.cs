namespace Proxy.Bench.Leaks;

/// <summary>Which attacks are run, and against which policies.</summary>
/// <param name="Corpus">A folder with servers.sh, gateway-run.sh, policy.md and schema.ENGINE.sql.</param>
/// <param name="Engine">As the corpus calls it: pg or mysql.</param>
/// <param name="Policies">Names of folders in policies/, run one after the other.</param>
/// <param name="Only">A regular expression that a case's file name must match; null for all.</param>
/// <param name="AcceptsNamed">Whether inference that a policy names is as it should be; otherwise the runner's own verdict counts.</param>
internal sealed record LeaksOptions(string Corpus, string Engine, IReadOnlyList<string> Policies, string? Only, bool AcceptsNamed)
{
    public const string Postgres = "pg";
    public const string MySql = "mysql";

    private const string AcceptNamed = "--accept-named";

    public static LeaksOptions Parse(IReadOnlyList<string> arguments)
    {
        var acceptsNamed = arguments is [AcceptNamed, ..];
        if (acceptsNamed)
            arguments = [.. arguments.Skip(1)];
        if (arguments is not [var corpus, var engine, var policies, ..] || arguments.Count > 4)
            throw new InvalidOperationException($"usage: bench leaks [{AcceptNamed}] CORPUS ENGINE POLICY[,POLICY] [ONLY]");
        if (engine is not (Postgres or MySql))
            throw new InvalidOperationException($"ENGINE={engine}: there is {Postgres} and {MySql}.");
        var options = new LeaksOptions(
            Path.GetFullPath(corpus), engine, policies.Split(',', StringSplitOptions.RemoveEmptyEntries), arguments.ElementAtOrDefault(3) is { Length: > 0 } only ? only : null,
            acceptsNamed);
        foreach (var file in new[] { "servers.sh", "gateway-run.sh", "policy.md", $"schema.{engine}.sql" })
            if (!File.Exists(Path.Combine(options.Corpus, file)))
                throw new InvalidOperationException($"CORPUS={corpus}: {file} is not there.");
        foreach (var policy in options.Policies)
            if (!File.Exists(RulesOf(policy)))
                throw new InvalidOperationException($"POLICY={policy}: there is no {RulesOf(policy)}.");
        return options;
    }

    public static string RulesOf(string policy) => Path.Combine(Repository.Root, "policies", policy, "rules.yaml");

    /// <summary>The ids of cases whose inference the policy allows; the first word of each line of its inference.txt.</summary>
    public static IReadOnlySet<string> NamedBy(string policy)
    {
        var path = Path.Combine(Repository.Root, "policies", policy, "inference.txt");
        return File.Exists(path)
            ? File.ReadLines(path).Where(static line => line.Length > 0 && line[0] != '#').Select(static line => line.Split(' ')[0]).ToHashSet()
            : new HashSet<string>();
    }
}
