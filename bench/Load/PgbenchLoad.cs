using System.Globalization;
using Proxy.Bench.Servers;

namespace Proxy.Bench.Load;

/// <summary>pgbench with a script: connections are opened first and stay open; its log gives every transaction's end and latency.</summary>
/// <param name="binaries">The directory with pgbench.</param>
/// <param name="scratch">Takes the script and the logs.</param>
/// <param name="script">One transaction, in pgbench's language.</param>
/// <param name="protocol">pgbench's name: prepared or simple.</param>
/// <param name="clients">Connections.</param>
internal sealed class PgbenchLoad(string binaries, ScratchDirectory scratch, string script, string protocol, int clients) : ILoad
{
    // The same numbers in every benchmark, and others in every run of one: a literal that was sent before would be found in a cache.
    private int _seed;

    public async Task<IReadOnlyList<Transaction>> RunAsync(Endpoint endpoint, bool tls, TimeSpan duration, CancellationToken cancellationToken)
    {
        var logs = Directory.CreateDirectory(scratch["pgbench"]).FullName;
        var scriptPath = Path.Combine(logs, "script.sql");
        await File.WriteAllTextAsync(scriptPath, script, cancellationToken);
        static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
        string[] command =
        [
            Path.Combine(binaries, "pgbench"), "-n", "-f", scriptPath, "-M", protocol, "-c", Text(clients), "-j", Text(Math.Min(clients, 2)),
            "-T", Text((int)duration.TotalSeconds), "-l", "--log-prefix", Path.Combine(logs, "log"), "--random-seed", Text(++_seed),
        ];
        var result = await Command.RunAsync(command, endpoint.Environment(tls), null, cancellationToken);
        // pgbench ends with 0 although transactions failed; it says so on standard error ("client 3 script 0 aborted").
        if (result.ExitCode != 0 || result.Error.Contains("aborted", StringComparison.Ordinal))
            throw new InvalidOperationException($"pgbench through {endpoint}: {result.Error.Trim()}");

        var transactions = new List<Transaction>();
        foreach (var path in Directory.EnumerateFiles(logs, "log*"))
        {
            await foreach (var line in File.ReadLinesAsync(path, cancellationToken))
                transactions.Add(Parse(line));
            File.Delete(path);
        }

        return transactions;
    }

    // client_id transaction_no time script_no time_epoch time_us
    private static Transaction Parse(string line)
    {
        var fields = line.Split(' ');
        return new Transaction(
            (long.Parse(fields[4], CultureInfo.InvariantCulture) * 1_000_000) + long.Parse(fields[5], CultureInfo.InvariantCulture),
            int.Parse(fields[2], CultureInfo.InvariantCulture));
    }
}
