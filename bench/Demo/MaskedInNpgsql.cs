using System.Globalization;
using Npgsql;
using Proxy.Bench.Servers;

namespace Proxy.Bench.Demo;

/// <summary>Step 2: a C# program with a parameter and binary values; masked values are still dates, arrays and JSON.</summary>
internal static class MaskedInNpgsql
{
    public const string Query = "SELECT id, mrn, birth_date, aliases, contacts, blood_type FROM patients WHERE id = $1";
    private const int PatientId = 1;

    public static async Task RunAsync(Stage stage, CancellationToken cancellationToken)
    {
        stage.Console.Step("2. The same from C# with Npgsql: a parameter, binary values, real types");
        stage.Console.Command(Query);
        var direct = await ReadAsync(stage.Direct, cancellationToken);
        var redacted = await ReadAsync(stage.Agent, cancellationToken);
        var pseudonymous = await ReadAsync(stage.Researcher, cancellationToken);
        var again = await ReadAsync(stage.Researcher, cancellationToken);

        stage.Console.Line(Columns("", "direct", "redacted", "pseudonymous"));
        string[] names = ["id", "mrn", "birth_date", "aliases", "contacts", "blood_type"];
        for (var column = 0; column < names.Length; column++)
            stage.Console.Line(Columns(names[column], direct[column], redacted[column], pseudonymous[column]));

        foreach (var masked in new[] { redacted, pseudonymous })
        {
            stage.Promises.Expect(masked[0] == direct[0] && masked[5] == direct[5], "Npgsql: columns that are not PHI are unchanged");
            for (var column = 1; column < 5; column++)
                stage.Promises.Expect(masked[column] != direct[column], $"Npgsql: {names[column]} is masked");
        }

        stage.Promises.Expect(pseudonymous.SequenceEqual(again), "pseudonymous values are stable");
    }

    private static async Task<string[]> ReadAsync(Endpoint endpoint, CancellationToken cancellationToken)
    {
        await using var dataSource = NpgsqlDataSource.Create(endpoint.ConnectionString(tls: true).ConnectionString);
        await using var command = dataSource.CreateCommand(Query);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = PatientId });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
            throw new InvalidOperationException($"Patient {PatientId} is missing through {endpoint}.");
        // Each getter insists on the type: a mask of another type would throw.
        return
        [
            reader.GetInt32(0).ToString(CultureInfo.InvariantCulture),
            reader.GetString(1),
            reader.GetFieldValue<DateOnly>(2).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            "{" + string.Join(", ", reader.GetFieldValue<string[]>(3)) + "}",
            System.Text.Json.JsonDocument.Parse(reader.GetString(4)).RootElement.GetRawText(),
            reader.GetString(5),
        ];
    }

    /// <summary>A line of four columns, each cut to its width.</summary>
    public static string Columns(string name, string direct, string redacted, string pseudonymous)
        => $"{name,-11} {Cut(direct, 34),-34} {Cut(redacted, 28),-28} {Cut(pseudonymous, 34)}".TrimEnd();

    private static string Cut(string text, int length) => text.Length <= length ? text : text[..(length - 1)] + "…";
}
