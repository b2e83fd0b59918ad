using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Identity;

/// <summary>Pools of psycopg_pool, each with as many users as connections, in the distribution's own Python (psycopg_pools.py).</summary>
internal sealed class PsycopgPoolProgram(ChildProcess process, TemporaryDirectory directory) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task<PsycopgPoolProgram> StartAsync(ClientEndpoint endpoint, TemporaryDirectory directory, string token, int pools, int poolSize, TimeSpan pause)
    {
        await File.WriteAllTextAsync(TokenFile(directory), token);
        string[] arguments = [pools.ToString(CultureInfo.InvariantCulture), poolSize.ToString(CultureInfo.InvariantCulture), pause.TotalSeconds.ToString(CultureInfo.InvariantCulture)];
        return new PsycopgPoolProgram(
            await ChildProcess.StartAsync(["/usr/bin/python3", Script(), .. arguments, TokenFile(directory), StopFile(directory)], environment: new Dictionary<string, string?>
            {
                ["PGHOST"] = endpoint.Host,
                ["PGPORT"] = endpoint.Port.ToString(CultureInfo.InvariantCulture),
                ["PGDATABASE"] = endpoint.Database,
                ["PGUSER"] = endpoint.User,
                ["PGSSLMODE"] = "verify-full",
                ["PGSSLROOTCERT"] = endpoint.AuthorityPath,
                ["PYTHONDONTWRITEBYTECODE"] = "1",
            }),
            directory);
    }

    public async Task FilledAsync()
    {
        if (!await process.WaitForOutputAsync("filled", Patience))
            throw new InvalidOperationException(process.Output);
    }

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
        using var result = JsonDocument.Parse(process.Output.Split('\n')[^1]);
        return (result.RootElement.GetProperty("failures").GetInt32(), result.RootElement.GetProperty("most").GetInt32());
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();

    private static string TokenFile(TemporaryDirectory directory) => directory.Combine("token");

    private static string StopFile(TemporaryDirectory directory) => directory.Combine("stop");

    private static string Script([CallerFilePath] string thisFile = "") => Path.Combine(Path.GetDirectoryName(thisFile)!, "psycopg_pools.py");
}
