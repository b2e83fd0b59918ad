using NUnit.Framework;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Clients;

/// <summary>A Java program over Debian's Hibernate, which is 3.6, and its JDBC driver; run from source.</summary>
internal static class HibernateProgram
{
    private const string Jars = "/usr/share/java";

    private static readonly string[] Libraries =
    [
        "hibernate3", "hibernate-commons-annotations", "geronimo-jpa_2.0_spec", "geronimo-jta-1.2-spec", "javassist", "dom4j", "antlr",
        "commons-collections3", "slf4j-api", "slf4j-nop", "postgresql",
    ];

    /// <returns>What it printed: a line for each step.</returns>
    public static async Task<string[]> RunAsync(string source, ClientEndpoint endpoint)
    {
        Assume.That(File.Exists(Path.Combine(Jars, "hibernate3.jar")), Is.True, "This release of the distribution has no Hibernate.");
        var said = await Command.RunAsync("java",
            [
                "-Dfile.encoding=UTF-8", "-Xshare:auto", "-XX:TieredStopAtLevel=1",
                // Hibernate's proxies are older than modules.
                "--add-opens", "java.base/java.lang=ALL-UNNAMED",
                "-cp", string.Join(':', Libraries.Select(static library => Path.Combine(Jars, $"{library}.jar"))), source,
                $"jdbc:postgresql://{endpoint.Host}:{endpoint.Port}/{endpoint.Database}?sslmode=verify-full&sslrootcert={endpoint.AuthorityPath}",
                endpoint.User, endpoint.Password,
            ]);
        Assert.That(said.ExitCode, Is.Zero, said.Errors);
        return said.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
