using System.Globalization;
using System.Runtime.CompilerServices;
using NUnit.Framework;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.MySql.Clients;

/// <summary>Runs a script of a driver's, in the driver's own language, against one destination.</summary>
internal static class DriverRun
{
    /// <summary>What it printed.</summary>
    public static async Task<string> OfScriptAsync(string script, ClientEndpoint endpoint)
    {
        string[] destination =
            ["127.0.0.1", endpoint.Port.ToString(CultureInfo.InvariantCulture), endpoint.Database, endpoint.User, endpoint.Password, endpoint.AuthorityPath];
        var result = script.EndsWith(".py", StringComparison.Ordinal)
            ? await Command.RunAsync("/usr/bin/python3", [Source(script), .. destination])
            : await Command.RunAsync("node", [Source(script), Modules(), .. destination]);
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        return result.Output;
    }

    /// <param name="source">A Java class.</param>
    /// <param name="endpoint">Where it goes.</param>
    /// <param name="options">Of the driver, behind its URL.</param>
    public static async Task<string> OfJavaAsync(string source, ClientEndpoint endpoint, string options)
    {
        var url = $"jdbc:mariadb://{endpoint.Host}:{endpoint.Port}/{endpoint.Database}?sslMode=verify-full&useSsl=true&serverSslCert={endpoint.AuthorityPath}{options}";
        var result = await Command.RunAsync(
            "java",
            ["-Dfile.encoding=UTF-8", "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp", "/usr/share/java/mariadb-java-client.jar", Source(source), url, endpoint.User, endpoint.Password]);
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        return result.Output;
    }

    private static string Source(string name, [CallerFilePath] string thisFile = "") => Path.Combine(Path.GetDirectoryName(thisFile)!, name);

    private static string Modules([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", "..", "Support", "mysql-clients"));
}
