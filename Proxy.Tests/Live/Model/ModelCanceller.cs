using Npgsql;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Model;

/// <summary>
/// Cancels every statement of one server process that sleeps. What sleeps ends no other way, so it is cancelled at the same point behind the
/// gateway and beside it, and both runs can be compared.
/// </summary>
internal sealed class ModelCanceller(PostgresServer server, int backend, Func<Task> cancel) : IAsyncDisposable
{
    private const string Asleep = "select query_start from pg_stat_activity where pid = $1 and wait_event = 'PgSleep'";
    private static readonly TimeSpan BeforeLooking = TimeSpan.FromMilliseconds(15);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(3);
    private NpgsqlConnection? _connection;
    private DateTime _cancelled;

    /// <summary>How many sleeps it has ended.</summary>
    public int Count { get; private set; }

    /// <summary>Watches until a reply has come. Every request that was sent has had its effect when this ends.</summary>
    public async Task WatchAsync(CancellationToken over)
    {
        DateTime? seen = null;
        for (var pause = BeforeLooking; ; pause = BetweenLooks)
        {
            await Task.Delay(pause, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (over.IsCancellationRequested) return;
            // The server reads first the statement and then what it waits for, so one look can tell of two statements; two looks that agree cannot.
            var before = seen;
            seen = await SleepsSinceAsync();
            // A sleep that was cancelled takes a moment to end: a second request would hit what comes behind it.
            if (seen is not { } began || began != before || began == _cancelled) continue;
            _cancelled = began;
            await cancel();
            Count++;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null) await _connection.DisposeAsync();
    }

    private async Task<DateTime?> SleepsSinceAsync()
    {
        _connection ??= await server.OpenAsync();
        await using var command = new NpgsqlCommand(Asleep, _connection) { Parameters = { new() { Value = backend } } };
        return await command.ExecuteScalarAsync() as DateTime?;
    }
}
