using System.Diagnostics;
using Npgsql;
using Proxy.Bench.Servers;

namespace Proxy.Bench.Load;

/// <summary>Npgsql clients that connect, ask once and close; the latency is that of all three. pgbench's own excludes the connect.</summary>
internal sealed class ChurnLoad(int clients, string query) : ILoad
{
    public async Task<IReadOnlyList<Transaction>> RunAsync(Endpoint endpoint, bool tls, TimeSpan duration, CancellationToken cancellationToken)
    {
        var settings = endpoint.ConnectionString(tls);
        settings.Pooling = false;
        settings.Host = Endpoint.Address;
        // Encrypted as elsewhere, but building a certificate chain for each connection would measure the client.
        settings.SslMode = tls ? SslMode.Require : SslMode.Disable;
        settings.RootCertificate = null;
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        // Npgsql reads the type catalogue once per data source; the query needs built-in types only, and churn is about connecting.
        builder.ConfigureTypeLoading(types => types.EnableTypeLoading(false));
        await using var dataSource = builder.Build();

        var started = Stopwatch.GetTimestamp();
        var loops = Enumerable.Range(0, clients).Select(_ => LoopAsync(dataSource, started, duration, cancellationToken)).ToArray();
        return [.. (await Task.WhenAll(loops)).SelectMany(transactions => transactions)];
    }

    private async Task<List<Transaction>> LoopAsync(NpgsqlDataSource dataSource, long started, TimeSpan duration, CancellationToken cancellationToken)
    {
        await Task.Yield();
        var transactions = new List<Transaction>();
        while (Stopwatch.GetElapsedTime(started) < duration)
        {
            var began = Stopwatch.GetTimestamp();
            await using (var connection = await dataSource.OpenConnectionAsync(cancellationToken))
            await using (var command = new NpgsqlCommand(query, connection))
                await command.ExecuteScalarAsync(cancellationToken);
            transactions.Add(new Transaction(Clock.Microseconds(), (int)Stopwatch.GetElapsedTime(began).TotalMicroseconds));
        }

        return transactions;
    }
}
