using System.Globalization;
using System.Text.Json;
using MySqlConnector;
using Proxy.Bench.Servers;

namespace Proxy.Bench.Demo;

/// <summary>Step 6: a C# program with a prepared statement and binary values; masked values are still dates and JSON.</summary>
internal static class MaskedInMySqlConnector
{
    public const string Query = "SELECT id, mrn, birth_date, contacts, organ_donor, blood_type FROM patients WHERE id = ?";
    private const int PatientId = 1;

    public static async Task RunAsync(Stage stage, CancellationToken cancellationToken)
    {
        stage.Console.Step("6. The same from C# with MySqlConnector: prepared, binary values, real types");
        stage.Console.Command(Query);
        var direct = await ReadAsync(stage.MariaDb.Direct, cancellationToken);
        var redacted = await ReadAsync(stage.MariaDb.Agent, cancellationToken);
        var pseudonymous = await ReadAsync(stage.MariaDb.Researcher, cancellationToken);
        var again = await ReadAsync(stage.MariaDb.Researcher, cancellationToken);

        stage.Console.Line(MaskedInNpgsql.Columns("", "direct", "redacted", "pseudonymous"));
        string[] names = ["id", "mrn", "birth_date", "contacts", "organ_donor", "blood_type"];
        for (var column = 0; column < names.Length; column++)
            stage.Console.Line(MaskedInNpgsql.Columns(names[column], direct[column], redacted[column], pseudonymous[column]));

        foreach (var masked in new[] { redacted, pseudonymous })
        {
            stage.Promises.Expect(
                masked[0] == direct[0] && masked[4] == direct[4] && masked[5] == direct[5], "MySqlConnector: columns that are not PHI are unchanged");
            for (var column = 1; column < 4; column++)
                stage.Promises.Expect(masked[column] != direct[column], $"MySqlConnector: {names[column]} is masked");
        }

        stage.Promises.Expect(pseudonymous.SequenceEqual(again), "MySqlConnector: pseudonymous values are stable");
    }

    private static async Task<string[]> ReadAsync(Endpoint endpoint, CancellationToken cancellationToken)
    {
        await using var connection = new MySqlConnection(endpoint.MySqlConnectionString().ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var command = new MySqlCommand(Query, connection);
        command.Parameters.Add(new MySqlParameter { Value = PatientId });
        await command.PrepareAsync(cancellationToken);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
            throw new InvalidOperationException($"Patient {PatientId} is missing through {endpoint}.");
        // Each getter insists on the type: a mask of another type would throw.
        return
        [
            reader.GetInt32(0).ToString(CultureInfo.InvariantCulture),
            reader.GetString(1),
            reader.GetDateOnly(2).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            JsonDocument.Parse(reader.GetString(3)).RootElement.GetRawText(),
            reader.GetBoolean(4) ? "true" : "false",
            reader.GetString(5),
        ];
    }
}
