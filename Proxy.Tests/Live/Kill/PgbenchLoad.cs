using System.Globalization;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Kill;

/// <summary>pgbench with a script of which every statement is another one.</summary>
internal static class PgbenchLoad
{
    public const string Tables = "create table counters(name text, value bigint); insert into counters values ('two', 0); grant all on counters to public";
    private const string Script = "\\set id random(1, 1000000000000000)\nupdate counters set value = :id where name = 'one';\n";

    /// <param name="endpoint">Where to.</param>
    /// <param name="directory">For the script.</param>
    /// <param name="protocol">simple or prepared.</param>
    public static async Task<ChildProcess> StartAsync(ClientEndpoint endpoint, TemporaryDirectory directory, string protocol)
    {
        var script = directory.Combine("load.sql");
        await File.WriteAllTextAsync(script, Script);
        return await ChildProcess.StartAsync(
            [
                PostgresBinaries.Client("pgbench"), "-n", "-c", "4", "-T", "60", "-M", protocol, "-f", script,
                "-h", endpoint.Host, "-p", endpoint.Port.ToString(CultureInfo.InvariantCulture), "-U", endpoint.User, endpoint.Database,
            ],
            environment: new Dictionary<string, string?>
            {
                ["PGPASSWORD"] = endpoint.Password,
                ["PGSSLMODE"] = "verify-full",
                ["PGSSLROOTCERT"] = endpoint.AuthorityPath,
            });
    }
}
