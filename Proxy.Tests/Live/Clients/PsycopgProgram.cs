using System.Globalization;
using System.Runtime.CompilerServices;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Clients;

/// <summary>psycopg 3 of the distribution's own Python, with the steps in psycopg_client.py.</summary>
internal static class PsycopgProgram
{
    public static async Task<IReadOnlyList<ClientStep>> RunAsync(ClientEndpoint endpoint) =>
        ClientOutput.Read("psycopg", await Command.RunAsync("/usr/bin/python3", [Script()], "", new Dictionary<string, string?>
        {
            ["PGHOST"] = endpoint.Host,
            ["PGPORT"] = endpoint.Port.ToString(CultureInfo.InvariantCulture),
            ["PGDATABASE"] = endpoint.Database,
            ["PGUSER"] = endpoint.User,
            ["PGPASSWORD"] = endpoint.Password.Length > 0 ? endpoint.Password : null,
            ["PGSSLMODE"] = "verify-full",
            ["PGSSLROOTCERT"] = endpoint.AuthorityPath,
            ["PYTHONDONTWRITEBYTECODE"] = "1",
            ["PYTHONIOENCODING"] = "utf-8",
        }));

    private static string Script([CallerFilePath] string thisFile = "") =>
        Path.Combine(Path.GetDirectoryName(thisFile)!, "psycopg_client.py");
}
