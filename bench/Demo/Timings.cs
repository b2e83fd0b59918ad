using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using MySqlConnector;
using Npgsql;
using Proxy.Bench.Servers;

namespace Proxy.Bench.Demo;

/// <summary>Step 8: what it costs, as one client waits for it. `make bench` measures properly.</summary>
internal static class Timings
{
    private static readonly (string Name, string Query, int Repetitions)[] Questions =
    [
        ("one patient by key, prepared", "SELECT id, mrn, last_name, birth_date, ward FROM patients WHERE id = 42", 1500),
        ("5,000 patients, two columns masked", "SELECT id, last_name, ssn, ward, sex, risk_score, care_plan FROM patients WHERE id <= 5000", 60),
    ];

    public static async Task RunAsync(Stage stage, CancellationToken cancellationToken)
    {
        stage.Console.Step("8. What it costs: Npgsql and MySqlConnector over TLS, median as the client sees it");
        await ShowAsync(stage, "PostgreSQL", stage.Postgres, endpoint => new NpgsqlConnection(endpoint.ConnectionString(tls: true).ConnectionString), cancellationToken);
        await ShowAsync(stage, "MariaDB", stage.MariaDb, endpoint => new MySqlConnection(endpoint.MySqlConnectionString().ConnectionString), cancellationToken);
    }

    private static async Task ShowAsync(Stage stage, string name, Doors doors, Func<Endpoint, DbConnection> connect, CancellationToken cancellationToken)
    {
        stage.Console.Line($"{name,-36} {"direct",12} {"redacted",12} {"pseudonymous",14}");
        foreach (var (question, query, repetitions) in Questions)
        {
            var times = new List<double>();
            foreach (var endpoint in new[] { doors.Direct, doors.Agent, doors.Researcher })
                times.Add(await MedianAsync(connect(endpoint), query, repetitions, cancellationToken));
            stage.Console.Line($"{question,-36} {Milliseconds(times[0]),12} {Milliseconds(times[1]),12} {Milliseconds(times[2]),14}");
        }
    }

    private static async Task<double> MedianAsync(DbConnection opened, string query, int repetitions, CancellationToken cancellationToken)
    {
        await using var connection = opened;
        await connection.OpenAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = query;
        await command.PrepareAsync(cancellationToken);
        var times = new double[repetitions];
        for (var repetition = 0; repetition < repetitions; repetition++)
        {
            var began = Stopwatch.GetTimestamp();
            await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
            {
                while (await reader.ReadAsync(cancellationToken))
                {
                }
            }

            times[repetition] = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        }

        // The first half warms the caches and the just-in-time compilers of all three.
        var measured = times[(repetitions / 2)..];
        Array.Sort(measured);
        return measured[measured.Length / 2];
    }

    private static string Milliseconds(double value) => value.ToString("0.00", CultureInfo.InvariantCulture) + " ms";
}
