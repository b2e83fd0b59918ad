using System.Text;
using MySqlConnector;
using Npgsql;

namespace Proxy.Bench.Servers;

/// <summary>
/// The hospital in MariaDB: the tables of schema.mysql.sql, and every row as PostgreSQL has it. What COPY writes as text is what LOAD DATA reads unless
/// told otherwise.
/// </summary>
internal static class MariaDbHospital
{
    private static readonly (string Table, string Rows)[] Tables =
    [
        ("departments", "TABLE departments"),
        ("wards", "TABLE wards"),
        ("lab_tests", "TABLE lab_tests"),
        ("patients", "SELECT id, mrn, ssn, first_name, last_name, birth_date, sex, street, city, state, zip, phone, email, to_json(aliases), contacts, note, ward, "
            + "blood_type, risk_score, organ_donor::int, to_json(allergies), care_plan FROM patients ORDER BY id"),
        ("encounters", "SELECT * FROM encounters ORDER BY id"),
        ("lab_results", "SELECT id, patient_id, test_code, specimen, date_trunc('second', collected_at AT TIME ZONE 'UTC'), value, flag, comment FROM lab_results ORDER BY id"),
        ("claims", "SELECT * FROM claims ORDER BY id"),
        ("ward_census", "TABLE ward_census"),
    ];

    public static async Task LoadAsync(ThrowawayMariaDb server, ThrowawayPostgres source, CancellationToken cancellationToken)
    {
        var from = source.Administrator.ConnectionString(tls: true);
        from.Pooling = false;
        await using var rows = new NpgsqlConnection(from.ConnectionString);
        await rows.OpenAsync(cancellationToken);
        var to = server.Administrator.MySqlConnectionString();
        to.AllowLoadLocalInfile = true;
        to.DefaultCommandTimeout = 120;
        await using var tables = new MySqlConnection(to.ConnectionString);
        await tables.OpenAsync(cancellationToken);

        // The rows have been checked where they come from.
        await RunAsync(tables, "SET foreign_key_checks = 0, unique_checks = 0, check_constraint_checks = 0", cancellationToken);
        await RunAsync(tables, await File.ReadAllTextAsync(Path.Combine(Hospital.Directory, "schema.mysql.sql"), cancellationToken), cancellationToken);
        foreach (var (table, query) in Tables)
        {
            using var copy = await rows.BeginTextExportAsync($"COPY ({query}) TO STDOUT", cancellationToken);
            using var text = new MemoryStream(Encoding.UTF8.GetBytes(await copy.ReadToEndAsync(cancellationToken)));
            await new MySqlBulkLoader(tables) { TableName = table, CharacterSet = "utf8mb4", Local = true, SourceStream = text }.LoadAsync(cancellationToken);
        }

        await RunAsync(tables, "ANALYZE TABLE " + string.Join(", ", Tables.Select(static one => one.Table)), cancellationToken);
    }

    private static async Task RunAsync(MySqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new MySqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
