using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Identity;

/// <summary>Pools of other languages, each with as many users as connections: psycopg_pool in the distribution's own Python (psycopg_pools.py), HikariCP over JDBC (HikariPools.java).</summary>
internal sealed class PoolProgram(ChildProcess process, TemporaryDirectory directory) : IAsyncDisposable
{
    private const string Jars = "/usr/share/java/HikariCP.jar:/usr/share/java/slf4j-api.jar:/usr/share/java/slf4j-nop.jar:/usr/share/java/postgresql.jar:/usr/share/java/mariadb-java-client.jar";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task<PoolProgram> PsycopgAsync(ClientEndpoint endpoint, TemporaryDirectory directory, int pools, int poolSize, TimeSpan pause) => new(
        await ChildProcess.StartAsync(
            ["/usr/bin/python3", Beside("psycopg_pools.py"), Text(pools), Text(poolSize), pause.TotalSeconds.ToString(CultureInfo.InvariantCulture), TokenFile(directory), StopFile(directory)],
            environment: new Dictionary<string, string?>
            {
                ["PGHOST"] = endpoint.Host,
                ["PGPORT"] = Text(endpoint.Port),
                ["PGDATABASE"] = endpoint.Database,
                ["PGUSER"] = endpoint.User,
                ["PGSSLMODE"] = "verify-full",
                ["PGSSLROOTCERT"] = endpoint.AuthorityPath,
                ["PYTHONDONTWRITEBYTECODE"] = "1",
            }),
        directory);

    public static async Task<PoolProgram> HikariAsync(ClientEndpoint endpoint, TemporaryDirectory directory, int pools, int poolSize, TimeSpan pause, bool isMySql)
    {
        var address = $"{endpoint.Host}:{Text(endpoint.Port)}/{endpoint.Database}";
        var url = isMySql
            ? $"jdbc:mariadb://{address}?sslMode=verify-full&useSsl=true&serverSslCert={endpoint.AuthorityPath}"
            : $"jdbc:postgresql://{address}?sslmode=verify-full&sslrootcert={endpoint.AuthorityPath}";
        return new PoolProgram(
            await ChildProcess.StartAsync(
            [
                "java", "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp", Jars, Beside("HikariPools.java"), url, endpoint.User, Text(pools), Text(poolSize),
                Text((int)pause.TotalMilliseconds), TokenFile(directory), StopFile(directory),
            ]),
            directory);
    }

    /// <summary>It runs, and waits for the first token.</summary>
    public Task ReadyAsync() => SaysAsync("ready");

    public Task FilledAsync() => SaysAsync("filled");

    /// <summary>What sign-ins use from now on.</summary>
    public async Task GiveAsync(string token)
    {
        await File.WriteAllTextAsync(TokenFile(directory) + ".new", token);
        File.Move(TokenFile(directory) + ".new", TokenFile(directory), overwrite: true);
    }

    /// <summary>Lets each user make one more call. How many calls failed in all, and how often the one that failed most.</summary>
    public async Task<(int Failures, int Most)> StopAsync()
    {
        await File.WriteAllTextAsync(StopFile(directory), "");
        using var deadline = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(deadline.Token);
        if (process.ExitCode != 0)
            throw new InvalidOperationException(process.Output);
        // What it printed last is read by somebody else, and perhaps not yet.
        await Eventually.IsTrueAsync(() => Task.FromResult(LastLine() is not null), "its last line is read");
        using var result = JsonDocument.Parse(LastLine()!);
        return (result.RootElement.GetProperty("failures").GetInt32(), result.RootElement.GetProperty("most").GetInt32());
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();

    private string? LastLine() => process.Output.Split('\n').LastOrDefault(static line => line.StartsWith('{'));

    private async Task SaysAsync(string word)
    {
        if (!await process.WaitForOutputAsync(word, Patience))
            throw new InvalidOperationException(process.Output);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string TokenFile(TemporaryDirectory directory) => directory.Combine("token");

    private static string StopFile(TemporaryDirectory directory) => directory.Combine("stop");

    private static string Beside(string file, [CallerFilePath] string thisFile = "") => Path.Combine(Path.GetDirectoryName(thisFile)!, file);
}
