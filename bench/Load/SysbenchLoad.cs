using System.Globalization;
using Proxy.Bench.Servers;

namespace Proxy.Bench.Load;

/// <summary>
/// sysbench with a script of ours, which is to MySQL what pgbench is to PostgreSQL: a program in C, connections that stay open, and a log of every
/// transaction's end and latency (that sysbench itself does not write).
/// </summary>
/// <param name="home">Takes the script and the logs, and holds the certificates; see <see cref="Prepare"/>.</param>
/// <param name="body">Lua: <c>prepare()</c> is called once a connection, <c>ask()</c> for each transaction; both see <c>connection</c>.</param>
/// <param name="clients">Connections.</param>
internal sealed class SysbenchLoad(string home, string body, int clients) : ILoad
{
    private const string Frame =
        """
        local ffi = require("ffi")
        ffi.cdef[[
        typedef struct { long seconds; long microseconds; } wall_clock;
        int gettimeofday(wall_clock *now, void *zone);
        ]]
        local clock = ffi.new("wall_clock")
        local ends, count = {}, 0

        local function now()
            ffi.C.gettimeofday(clock, nil)
            return tonumber(clock.seconds) * 1000000 + tonumber(clock.microseconds)
        end

        function thread_init()
            connection = sysbench.sql.driver():connect()
            prepare()
        end

        function event()
            local began = now()
            ask()
            local ended = now()
            ends[count + 1], ends[count + 2], count = ended, ended - began, count + 2
        end

        function thread_done()
            local log = io.open("log." .. sysbench.tid, "w")
            for i = 1, count, 2 do log:write(string.format("%.0f %.0f\n", ends[i], ends[i + 1])) end
            log:close()
            connection:disconnect()
        end

        """;

    // The same numbers in every benchmark, and others in every run of one: a literal that was sent before would be found in a cache.
    private int _seed;

    /// <summary>sysbench looks for certificates by names of its own in its working directory. It wants one of the client, too, which nobody asks for.</summary>
    /// <returns>The directory for all loads on servers with certificates of this authority.</returns>
    public static string Prepare(ScratchDirectory scratch, ScratchAuthority authority)
    {
        var home = Directory.CreateDirectory(scratch["sysbench"]).FullName;
        var (certificate, key) = authority.Issue(home, "client");
        File.Move(certificate, Path.Combine(home, "client-cert.pem"));
        File.Move(key, Path.Combine(home, "client-key.pem"));
        File.Copy(authority.CertificatePath, Path.Combine(home, "cacert.pem"));
        return home;
    }

    public async Task<IReadOnlyList<Transaction>> RunAsync(Endpoint endpoint, bool tls, TimeSpan duration, CancellationToken cancellationToken)
    {
        await File.WriteAllTextAsync(Path.Combine(home, "script.lua"), Frame + body, cancellationToken);
        static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
        string[] command =
        [
            "env", "-C", home, InstalledProgram.Require("sysbench"), "script.lua", "--db-driver=mysql", $"--mysql-host={Endpoint.Address}",
            $"--mysql-port={Text(endpoint.Port)}", $"--mysql-user={endpoint.User}", $"--mysql-password={endpoint.Password}", $"--mysql-db={endpoint.Database}",
            $"--mysql-ssl={(tls ? "on" : "off")}", $"--threads={Text(clients)}", $"--time={Text((int)duration.TotalSeconds)}", $"--rand-seed={Text(++_seed)}",
            "--rand-type=uniform", "run",
        ];
        var result = await Command.RunAsync(command, null, null, cancellationToken);
        if (result.ExitCode != 0 || result.Output.Contains("FATAL", StringComparison.Ordinal))
            throw new InvalidOperationException($"sysbench through {endpoint}: {result.Output.Trim()} {result.Error.Trim()}");

        var transactions = new List<Transaction>();
        foreach (var path in Directory.EnumerateFiles(home, "log.*"))
        {
            await foreach (var line in File.ReadLinesAsync(path, cancellationToken))
                transactions.Add(Parse(line));
            File.Delete(path);
        }

        return transactions;
    }

    private static Transaction Parse(string line)
    {
        var fields = line.Split(' ');
        return new Transaction(long.Parse(fields[0], CultureInfo.InvariantCulture), int.Parse(fields[1], CultureInfo.InvariantCulture));
    }
}
