using System.Runtime.CompilerServices;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Clients;

/// <summary>Debian's JDBC driver, with the steps in JdbcClient.java (run from source).</summary>
internal static class JdbcProgram
{
    /// <param name="queryMode">The driver's preferQueryMode: extended or simple.</param>
    public static async Task<IReadOnlyList<ClientStep>> RunAsync(ClientEndpoint endpoint, string queryMode)
    {
        var url = $"jdbc:postgresql://{endpoint.Host}:{endpoint.Port}/{endpoint.Database}?sslmode=verify-full&sslrootcert={endpoint.AuthorityPath}"
            + $"&preferQueryMode={queryMode}&prepareThreshold=3";
        return ClientOutput.Read("java", await Command.RunAsync("java",
            ["-Dfile.encoding=UTF-8", "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp", "/usr/share/java/postgresql.jar", Source(), url, endpoint.User, endpoint.Password]));
    }

    private static string Source([CallerFilePath] string thisFile = "") =>
        Path.Combine(Path.GetDirectoryName(thisFile)!, "JdbcClient.java");
}
