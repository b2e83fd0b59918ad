using Npgsql;

namespace Proxy.Bench.Servers;

/// <summary>The synthetic hospital of demo/hospital, copied beside this program when it is built.</summary>
internal static class Hospital
{
    public static string Directory { get; } = Path.Combine(AppContext.BaseDirectory, "demo", "hospital");

    /// <summary>Creates and fills the tables as the administrator and grants the application its rights.</summary>
    public static async Task LoadAsync(ThrowawayPostgres server, CancellationToken cancellationToken)
    {
        var connectionString = server.Administrator.ConnectionString(tls: true);
        connectionString.Pooling = false;
        connectionString.CommandTimeout = 120;
        await using var connection = new NpgsqlConnection(connectionString.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        string[] scripts =
        [
            await File.ReadAllTextAsync(Path.Combine(Directory, "schema.sql"), cancellationToken),
            await File.ReadAllTextAsync(Path.Combine(Directory, "data.sql"), cancellationToken),
            $"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {server.Application.User}",
        ];
        foreach (var script in scripts)
        {
            await using var command = new NpgsqlCommand(script, connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
