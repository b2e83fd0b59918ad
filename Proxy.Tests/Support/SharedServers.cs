using System.Collections.Concurrent;

namespace Proxy.Tests.Support;

/// <summary>Servers that many tests share, started when first asked for and ended with the run. Take a database of your own on them.</summary>
public static class SharedServers
{
    private static readonly ConcurrentDictionary<PostgresVersion, Lazy<Task<PostgresServer>>> Servers = new();
    private static readonly Lazy<Task<MariaDbServer>> MariaDb = new(() => MariaDbServer.StartAsync(new MariaDbServerOptions { MaxConnections = 200 }));

    private static readonly Lazy<Task<MariaDbServer>> SecondMariaDb = new(() => MariaDbServer.StartAsync());

    public static Task<PostgresServer> PostgresAsync(PostgresVersion version = PostgresVersion.V15) =>
        Servers.GetOrAdd(version, static v => new Lazy<Task<PostgresServer>>(() =>
            PostgresServer.StartAsync(new PostgresServerOptions { Version = v, MaxConnections = 200 }))).Value;

    public static Task<MariaDbServer> MariaDbAsync() => MariaDb.Value;

    /// <summary>Another one, whose counters and names are its own: what is done to the first can be done to it alike, and compared.</summary>
    public static Task<MariaDbServer> SecondMariaDbAsync() => SecondMariaDb.Value;

    public static async Task StopAsync()
    {
        foreach (var (version, server) in Servers)
        {
            Servers.TryRemove(version, out _);
            // One that could not start has told the tests that asked for it.
            if (server.IsValueCreated && server.Value.IsCompletedSuccessfully)
                await (await server.Value).DisposeAsync();
        }

        foreach (var server in (Lazy<Task<MariaDbServer>>[])[MariaDb, SecondMariaDb])
            if (server is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
                await (await server.Value).DisposeAsync();
    }
}
