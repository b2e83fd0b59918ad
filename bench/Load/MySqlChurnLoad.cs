using System.Diagnostics;
using MySqlConnector;
using Proxy.Bench.Servers;

namespace Proxy.Bench.Load;

/// <summary>
/// MySqlConnector clients that connect, ask once and close; the latency is that of all three. They verify the certificate each time, because this driver sends
/// a password to nobody else; that time is the client's and not counted.
/// </summary>
internal sealed class MySqlChurnLoad(int clients, string query) : ILoad
{
    public async Task<IReadOnlyList<Transaction>> RunAsync(Endpoint endpoint, bool tls, TimeSpan duration, CancellationToken cancellationToken)
    {
        await using var dataSource = new MySqlDataSource(endpoint.MySqlConnectionString().ConnectionString);
        var started = Stopwatch.GetTimestamp();
        var loops = Enumerable.Range(0, clients).Select(_ => LoopAsync(dataSource, started, duration, cancellationToken)).ToArray();
        return [.. (await Task.WhenAll(loops)).SelectMany(transactions => transactions)];
    }

    private async Task<List<Transaction>> LoopAsync(MySqlDataSource dataSource, long started, TimeSpan duration, CancellationToken cancellationToken)
    {
        await Task.Yield();
        var transactions = new List<Transaction>();
        while (Stopwatch.GetElapsedTime(started) < duration)
        {
            var began = Stopwatch.GetTimestamp();
            await using (var connection = await dataSource.OpenConnectionAsync(cancellationToken))
            await using (var command = new MySqlCommand(query, connection))
                await command.ExecuteScalarAsync(cancellationToken);
            transactions.Add(new Transaction(Clock.Microseconds(), (int)Stopwatch.GetElapsedTime(began).TotalMicroseconds));
        }

        return transactions;
    }
}
