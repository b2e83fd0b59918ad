using Npgsql;

namespace Proxy.Bench.Demo;

/// <summary>Step 3: an export that picks people by what would be masked is refused in words that a program understands, and the connection lives on.</summary>
internal static class RefusedExport
{
    public const string Statement = "COPY (SELECT id FROM patients WHERE ssn LIKE '9%') TO STDOUT";

    public static async Task RunAsync(Stage stage, CancellationToken cancellationToken)
    {
        stage.Console.Step("3. An export that picks patients by their SSN is refused: ids alone would tell");
        stage.Console.Command($"psql -c \"{Statement}\" | wc -l");
        var direct = await stage.PsqlAsync(stage.Direct, cancellationToken, Statement);
        stage.Console.Line($"direct: {direct.Output.Count(character => character == '\n'):N0} lines");
        var refused = await stage.PsqlAsync(stage.Agent, cancellationToken, Statement);
        stage.Console.Block($"through PhiGate: {refused.Output.Count(character => character == '\n')} lines", refused.Error);
        stage.Promises.Expect(direct.ExitCode == 0 && refused.ExitCode != 0 && refused.Output.Length == 0, "psql: the export is refused whole");
        stage.Promises.Expect(
            refused.Error.Contains("DETAIL:", StringComparison.Ordinal) && refused.Error.Contains("HINT:", StringComparison.Ordinal),
            "psql: the refusal says why and what to do instead");

        await UnderstandAsync(stage, cancellationToken);
    }

    private static async Task UnderstandAsync(Stage stage, CancellationToken cancellationToken)
    {
        var settings = stage.Agent.ConnectionString(tls: true);
        // Npgsql hides DETAIL unless it is asked for. PhiGate's own holds no values.
        settings.IncludeErrorDetail = true;
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        PostgresException? refusal = null;
        try
        {
            using var export = await connection.BeginTextExportAsync(Statement, cancellationToken);
        }
        catch (PostgresException exception)
        {
            refusal = exception;
        }

        await using var next = new NpgsqlCommand("SELECT count(*) FROM wards", connection);
        var wards = await next.ExecuteScalarAsync(cancellationToken);
        stage.Console.Line($"as a C# program sees it: SqlState={refusal?.SqlState} code={Field(refusal, "code")} retry={Field(refusal, "retry")}; "
            + $"the same connection goes on: {wards} wards");
        stage.Promises.Expect(refusal is { SqlState: "42501", Hint.Length: > 0 } && Field(refusal, "code").Length > 0,
            "Npgsql: the refusal has SQLSTATE 42501, a code and a hint");
        stage.Promises.Expect(wards is 10L, "the connection lives on after a refusal");
    }

    // DETAIL is "phigate code=… retry=… why=…": see docs/refusals.md.
    private static string Field(PostgresException? refusal, string name)
        => refusal?.Detail?.Split(' ').FirstOrDefault(part => part.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..] ?? "";
}
