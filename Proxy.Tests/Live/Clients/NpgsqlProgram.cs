using Npgsql;
using NpgsqlTypes;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Clients;

/// <summary>Npgsql by its asynchronous methods: parameters and types in binary, batches, COPY, LISTEN, cancellation.</summary>
internal sealed class NpgsqlProgram(NpgsqlConnection connection, NpgsqlConnection other)
{
    private readonly List<ClientStep> _steps = [];

    public static async Task<IReadOnlyList<ClientStep>> RunAsync(ClientEndpoint endpoint)
    {
        var connectionString = NpgsqlConnections.StringFor(endpoint);
        await using var connection = new NpgsqlConnection(connectionString);
        await using var other = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await other.OpenAsync();
        var program = new NpgsqlProgram(connection, other);
        await program.QueriesAsync();
        await program.BatchesAsync();
        await program.CopiesAsync();
        await program.ErrorsAsync();
        await program.NotificationsAsync();
        await program.CancellationAsync();
        return program._steps;
    }

    private void Step(string name, string outcome) => _steps.Add(new ClientStep(name, outcome));

    private async Task QueriesAsync()
    {
        Step("rows", await QueryAsync("select id, name, born, weight, active, note from patient order by id"));
        Step("types", await QueryAsync("select b, i2, i4, i8, f4, f8, t, vc, c, nm, bin, u, j, jb, ia, ta, mac::text from every_type order by id"));
        for (var i = 0; i < 5; i++)
            Step($"prepared by itself {i}", await QueryAsync("select $1 + 1, $2", i, "tëxt"));
        await using var command = new NpgsqlCommand("select name from patient where id = $1", connection);
        command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Integer, Value = 1 });
        await command.PrepareAsync();
        Step("prepared", $"{await command.ExecuteScalarAsync()}");
        await command.UnprepareAsync();
        Step("several results", await QueryAsync("select 1; select 2, 3"));
        Step("parameters of many types", await QueryAsync("select $1, $2, $3, $4, $5",
            1.5m, new DateTime(2024, 2, 29, 0, 0, 0, DateTimeKind.Utc), new[] { 1, 2 }, Guid.Empty, new byte[] { 0, 255 }));
        await connection.ReloadTypesAsync();
        Step("enum by name", await QueryAsync("select 'fine'::mood::text"));
    }

    private async Task BatchesAsync()
    {
        await using var batch = new NpgsqlBatch(connection);
        for (var i = 0; i < 5; i++)
            batch.BatchCommands.Add(new NpgsqlBatchCommand("insert into note (body) values ($1)") { Parameters = { new() { Value = $"b{i}" } } });
        batch.BatchCommands.Add(new NpgsqlBatchCommand("select count(*) from note"));
        Step("batch", $"{await batch.ExecuteScalarAsync()}");
        await using var failing = new NpgsqlBatch(connection)
        {
            BatchCommands = { new("insert into note (body) values ('lost')"), new("select 1/0"), new("select 2") },
        };
        Step("batch with an error", await SqlStateAsync(() => failing.ExecuteNonQueryAsync()));
        Step("its insert was undone", await QueryAsync("select count(*) from note where body = 'lost'"));
    }

    private async Task CopiesAsync()
    {
        await using (var importer = await connection.BeginBinaryImportAsync("copy note (id, body) from stdin (format binary)"))
        {
            await importer.WriteRowAsync(CancellationToken.None, 300, "binary");
            await importer.WriteRowAsync(CancellationToken.None, 301, DBNull.Value);
            Step("binary import", $"{await importer.CompleteAsync()}");
        }
        await using (var importer = await connection.BeginBinaryImportAsync("copy note (id, body) from stdin (format binary)"))
            await importer.WriteRowAsync(CancellationToken.None, 302, "abandoned");
        await using (var exporter = await connection.BeginBinaryExportAsync("copy (select id from note where id >= 300 order by id) to stdout (format binary)"))
        {
            var ids = new List<int>();
            while (await exporter.StartRowAsync() >= 0)
                ids.Add(await exporter.ReadAsync<int>());
            Step("binary export", string.Join(",", ids));
        }
        using var text = await connection.BeginTextExportAsync("copy (select id, body from note where id >= 300 order by id) to stdout");
        Step("text export", (await text.ReadToEndAsync()).Replace("\n", "\\n", StringComparison.Ordinal));
    }

    private async Task ErrorsAsync()
    {
        Step("error", await SqlStateAsync(() => QueryAsync("select speak('error', 'from Npgsql')")));
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await transaction.SaveAsync("a");
            Step("error in a transaction", await SqlStateAsync(() => QueryAsync("select 1/0")));
            await transaction.RollbackAsync("a");
            Step("after the savepoint", await QueryAsync("select 'alive'"));
            await transaction.CommitAsync();
        }
        var notice = "";
        connection.Notice += (_, e) => notice = e.Notice.MessageText;
        await QueryAsync("select speak('notice', 'to Npgsql')");
        Step("notice", notice);
    }

    private async Task NotificationsAsync()
    {
        var payload = "";
        connection.Notification += (_, e) => payload = e.Payload;
        await QueryAsync("listen c");
        await using var notify = new NpgsqlCommand("notify c, 'hello'", other);
        await notify.ExecuteNonQueryAsync();
        await connection.WaitAsync(TimeSpan.FromSeconds(30));
        Step("notification", payload);
    }

    private async Task CancellationAsync()
    {
        await using var sleep = new NpgsqlCommand("select pg_sleep(60)", connection);
        var sleeping = SqlStateAsync(() => sleep.ExecuteNonQueryAsync());
        await using var observe = new NpgsqlCommand(
            "select count(*) from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'", other);
        while (await observe.ExecuteScalarAsync() is not > 0L)
            await Task.Delay(TimeSpan.FromMilliseconds(10));
        sleep.Cancel();
        Step("cancel", await sleeping);
        Step("after cancel", await QueryAsync("select 'alive'"));
    }

    private async Task<string> QueryAsync(string sql, params object[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        await using var reader = await command.ExecuteReaderAsync();
        var results = new List<string>();
        do
        {
            var rows = new List<object?[]>();
            while (await reader.ReadAsync())
            {
                var row = new object[reader.FieldCount];
                reader.GetValues(row);
                rows.Add(row);
            }
            results.Add(NpgsqlConnections.Print(rows));
        }
        while (await reader.NextResultAsync());
        return string.Join(" / ", results);
    }

    private static async Task<string> SqlStateAsync(Func<Task> run)
    {
        try
        {
            await run();
            return "no error";
        }
        catch (PostgresException exception)
        {
            return exception.SqlState;
        }
        catch (OperationCanceledException exception) when (exception.InnerException is PostgresException inner)
        {
            return inner.SqlState;
        }
    }
}
