using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Proxy.Bench.Servers;

namespace Proxy.Bench.Leaks;

/// <summary>
/// The corpus's own throwaway servers, started and stopped by its own script, on free ports and with files in a directory of ours. The script
/// stops what it started by process id; a waiting shell runs it also when our process dies without a word.
/// </summary>
internal sealed partial class CorpusServers : IAsyncDisposable
{
    // What the script says last on its standard output is where the servers are and who may sign in.
    private const string Supervisor =
        """
        "$1" start 2>"$2" && echo
        read -r _
        "$1" stop >/dev/null 2>&1
        """;

    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(60);

    private readonly Process _supervisor;

    private CorpusServers(Process supervisor, Endpoint administrator, Endpoint agent)
    {
        _supervisor = supervisor;
        Administrator = administrator;
        Agent = agent;
    }

    /// <summary>Resets the schema and answers the controls.</summary>
    public Endpoint Administrator { get; }

    /// <summary>What PhiGate signs in with: a superuser.</summary>
    public Endpoint Agent { get; }

    public static async Task<CorpusServers> StartAsync(string corpus, string engine, ScratchDirectory scratch, CancellationToken cancellationToken)
    {
        var log = scratch["servers.log"];
        var start = new ProcessStartInfo("setsid", ["sh", "-c", Supervisor, "sh", Path.Combine(corpus, "servers.sh"), log])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["LEAKS_RUN"] = scratch["servers"];
        start.Environment["DIRECT_PGPORT"] = TcpPort.Free().ToString(CultureInfo.InvariantCulture);
        start.Environment["DIRECT_MYPORT"] = TcpPort.Free().ToString(CultureInfo.InvariantCulture);
        var supervisor = Process.Start(start) ?? throw new InvalidOperationException("servers.sh did not start.");
        try
        {
            var said = "";
            while (await supervisor.StandardOutput.ReadLineAsync(cancellationToken) is { Length: > 0 } line)
                said = line;
            var where = (engine == LeaksOptions.MySql ? MariaDbLogins() : PostgresLogins()).Match(said);
            if (!where.Success)
                throw new InvalidOperationException($"servers.sh start did not say where the server is:\n{said}\n{await File.ReadAllTextAsync(log, cancellationToken)}");
            var administrator = new Endpoint(
                int.Parse(where.Groups["port"].Value, CultureInfo.InvariantCulture), where.Groups["database"].Value,
                where.Groups["admin"].Value, where.Groups["adminPassword"].Value, "");
            return new CorpusServers(
                supervisor, administrator, administrator with { User = where.Groups["agent"].Value, Password = where.Groups["agentPassword"].Value });
        }
        catch
        {
            await StopAsync(supervisor);
            throw;
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync(_supervisor);

    private static async Task StopAsync(Process supervisor)
    {
        supervisor.StandardInput.Close();
        using var timeout = new CancellationTokenSource(StopTimeout);
        await supervisor.WaitForExitAsync(timeout.Token);
        supervisor.Dispose();
    }

    [GeneratedRegex(@"pg \S+?:(?<port>\d+) (?<admin>\w+)/(?<adminPassword>\S+) (?<agent>\w+)/(?<agentPassword>\S+) ;.*\bdb (?<database>\w+)")]
    private static partial Regex PostgresLogins();

    [GeneratedRegex(@"mariadb \S+?:(?<port>\d+) (?<admin>\w+)/(?<adminPassword>\S+) (?<agent>\w+)/(?<agentPassword>\S+) ;.*\bdb (?<database>\w+)")]
    private static partial Regex MariaDbLogins();
}
