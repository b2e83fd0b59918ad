using System.Diagnostics;
using System.Globalization;
using Proxy.Bench.Servers;

namespace Proxy.Bench.Leaks;

/// <summary>
/// `make leaks`: a corpus's servers, PhiGate in front of them with the agent as superuser, and the corpus's own runner, once per policy. Ends with
/// the first exit status of the runner that is not 0; leaves no process, and of files only the runner's raw outputs in artifacts/leaks.
/// </summary>
internal static class LeaksRun
{
    public static async Task<int> RunAsync(LeaksOptions options, CancellationToken cancellationToken)
    {
        var status = 0;
        await using var scratch = new ScratchDirectory("phigate-leaks-");
        using var authority = new ScratchAuthority(scratch.Path, TimeProvider.System);
        await using var servers = await CorpusServers.StartAsync(options.Corpus, options.Engine, scratch, cancellationToken);
        var classification = scratch["classification.yaml"];
        await LoadSchemaAsync(options, servers, cancellationToken);
        var policy = CorpusPolicy.Parse(await File.ReadAllTextAsync(Path.Combine(options.Corpus, "policy.md"), cancellationToken));
        await File.WriteAllTextAsync(classification, await CorpusClassification.WriteAsync(policy, options.Engine, servers.Administrator, cancellationToken), cancellationToken);

        foreach (var name in options.Policies)
        {
            Console.WriteLine($"== policy {name}");
            var target = new GatewayTarget(
                servers.Agent, Path.Combine(AppContext.BaseDirectory, "policy", options.Engine == LeaksOptions.MySql ? "gateway-leaks-mysql.yaml" : "gateway-leaks.yaml"), classification, LeaksOptions.RulesOf(name));
            await using var gateway = await Gateway.StartAsync(scratch, authority, target, name, cancellationToken);
            var ended = await AttackAsync(options, name, servers, gateway.Admit("agent", "agents"), cancellationToken);
            status = status == 0 ? ended : status;
        }

        return status;
    }

    /// <summary>As the runner does between cases: the catalogue must be there when PhiGate compares it with the classification.</summary>
    private static async Task LoadSchemaAsync(LeaksOptions options, CorpusServers servers, CancellationToken cancellationToken)
    {
        var schema = Path.Combine(options.Corpus, $"schema.{options.Engine}.sql");
        var administrator = servers.Administrator;
        if (options.Engine == LeaksOptions.MySql)
            await Command.RequireAsync(
                [
                    InstalledProgram.Require("mariadb"), "--no-defaults", "-h", Endpoint.Address, "-P", administrator.Port.ToString(CultureInfo.InvariantCulture),
                    "-u", administrator.User, $"-p{administrator.Password}", "--default-character-set=utf8mb4", "-e", $"source {schema}",
                ],
                new Dictionary<string, string>(), cancellationToken);
        else
            await Command.RequireAsync(
                [InstalledProgram.Require("psql"), "-X", "-q", "-v", $"owner={servers.Agent.User}", "-f", schema], administrator.Environment(tls: false), cancellationToken);
    }

    private static async Task<int> AttackAsync(
        LeaksOptions options, string policy, CorpusServers servers, Endpoint agent, CancellationToken cancellationToken)
    {
        List<string> arguments = [Path.Combine(options.Corpus, "gateway-run.sh")];
        if (options.Only is { } only)
            arguments.AddRange(["--", "--only", only]);
        var output = Path.Combine(Repository.Root, "artifacts", "leaks", policy);
        Directory.CreateDirectory(output);
        var start = new ProcessStartInfo("bash", arguments) { RedirectStandardOutput = true };
        var environment = new Dictionary<string, string>
        {
            ["ENG"] = options.Engine,
            ["OUT"] = output,
            ["WIRE_TLS"] = options.Engine == LeaksOptions.MySql ? "0" : "1",
            ["OWNER_ROLE"] = servers.Agent.User,
            ["PGHOST"] = Endpoint.Address,
            ["PGPORT"] = agent.Port.ToString(CultureInfo.InvariantCulture),
            ["PGUSER"] = agent.User,
            ["PGPASSWORD"] = agent.Password,
            ["PGDATABASE"] = agent.Database,
            ["PGSSLMODE"] = "require",
            ["ADMIN_PGHOST"] = Endpoint.Address,
            ["ADMIN_PGPORT"] = servers.Administrator.Port.ToString(CultureInfo.InvariantCulture),
            ["ADMIN_PGUSER"] = servers.Administrator.User,
            ["ADMIN_PGPASSWORD"] = servers.Administrator.Password,
            ["MYHOST"] = Endpoint.Address,
            ["MYPORT"] = agent.Port.ToString(CultureInfo.InvariantCulture),
            ["MYUSER"] = agent.User,
            ["MYPASSWORD"] = agent.Password,
            ["MYDATABASE"] = agent.Database,
            ["MYSSL_ARGS"] = $"--ssl --ssl-ca={agent.AuthorityPath}",
            ["ADMIN_MYHOST"] = Endpoint.Address,
            ["ADMIN_MYPORT"] = servers.Administrator.Port.ToString(CultureInfo.InvariantCulture),
            ["ADMIN_MYUSER"] = servers.Administrator.User,
            ["ADMIN_MYPASSWORD"] = servers.Administrator.Password,
            // The corpus is read only; Python would write beside its modules.
            ["PYTHONDONTWRITEBYTECODE"] = "1",
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var runner = Process.Start(start) ?? throw new InvalidOperationException("gateway-run.sh did not start.");
        try
        {
            var report = new RunnerReport();
            while (await runner.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
            {
                Console.WriteLine(line);
                report.Read(line);
            }

            await runner.WaitForExitAsync(cancellationToken);
            if (runner.ExitCode == 0 || !options.AcceptsNamed)
                return runner.ExitCode;
            var unnamed = report.Unnamed(LeaksOptions.NamedBy(policy)).ToArray();
            Console.WriteLine(unnamed.Length > 0 ? $"leaked, and not named by the policy: {string.Join(' ', unnamed)}"
                : report.IsWhole ? "all that leaked is inference that the policy names" : "the controls are not as expected");
            return unnamed.Length == 0 && report.IsWhole ? 0 : runner.ExitCode;
        }
        catch (OperationCanceledException)
        {
            runner.Kill(entireProcessTree: true);
            throw;
        }
    }
}
