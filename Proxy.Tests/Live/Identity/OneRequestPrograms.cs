using System.Globalization;
using System.Runtime.CompilerServices;
using Proxy.Tests.Live.Clients;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Identity;

/// <summary>Drivers of other languages that make two requests with a credential for one.</summary>
internal static class OneRequestPrograms
{
    public static async Task<IReadOnlyList<ClientStep>> JdbcAsync(ClientEndpoint endpoint, string mode = "statements") => ClientOutput.Read("java", await Command.RunAsync("java",
        [
            "-Dfile.encoding=UTF-8", "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp", "/usr/share/java/postgresql.jar", Beside("OneRequest.java"),
            $"jdbc:postgresql://{endpoint.Host}:{endpoint.Port}/{endpoint.Database}?sslmode=verify-full&sslrootcert={endpoint.AuthorityPath}&ApplicationName=one-request",
            endpoint.User, endpoint.Password, mode,
        ]));

    public static async Task<IReadOnlyList<ClientStep>> PsycopgAsync(ClientEndpoint endpoint, string mode) => ClientOutput.Read("psycopg", await Command.RunAsync(
        "/usr/bin/python3", [Beside("one_request.py"), mode], "", new Dictionary<string, string?>
        {
            ["PGHOST"] = endpoint.Host,
            ["PGPORT"] = endpoint.Port.ToString(CultureInfo.InvariantCulture),
            ["PGDATABASE"] = endpoint.Database,
            ["PGUSER"] = endpoint.User,
            ["PGPASSWORD"] = endpoint.Password,
            ["PGSSLMODE"] = "verify-full",
            ["PGSSLROOTCERT"] = endpoint.AuthorityPath,
            ["PYTHONDONTWRITEBYTECODE"] = "1",
            ["PYTHONIOENCODING"] = "utf-8",
        }));

    private static string Beside(string file, [CallerFilePath] string thisFile = "") => Path.Combine(Path.GetDirectoryName(thisFile)!, file);
}
