using System.Globalization;

namespace Proxy.Tests.Support;

/// <summary>psql with no start-up file, TLS verified in full, and nothing asked from a terminal.</summary>
public static class Psql
{
    public static Task<CommandResult> RunAsync(ClientEndpoint endpoint, string script, params IEnumerable<string> options) =>
        Command.RunAsync(PostgresBinaries.Client("psql"), ["-X", "-w", "-q", .. options], script, new Dictionary<string, string?>
        {
            ["PGHOST"] = endpoint.Host,
            ["PGPORT"] = endpoint.Port.ToString(CultureInfo.InvariantCulture),
            ["PGDATABASE"] = endpoint.Database,
            ["PGUSER"] = endpoint.User,
            ["PGPASSWORD"] = endpoint.Password.Length > 0 ? endpoint.Password : null,
            ["PGSSLMODE"] = "verify-full",
            ["PGSSLROOTCERT"] = endpoint.AuthorityPath,
            ["PGCONNECT_TIMEOUT"] = "30",
            ["LC_ALL"] = "C.UTF-8",
        });
}
