using MySqlConnector;

namespace Proxy.Bench.Demo;

/// <summary>Step 7: in MariaDB, too, an export that picks people by what would be masked is refused, and the connection lives on.</summary>
internal static class RefusedMariaDbExport
{
    public const string Statement = "SELECT id FROM patients WHERE ssn LIKE '9%'";

    /// <summary>Rows and nothing else.</summary>
    private static readonly string[] Plain = ["--batch", "--skip-column-names"];

    // The number that MySQL has for "access denied; you need … for this operation": docs/mysql.md.
    private const int AccessDenied = 1227;

    public static async Task RunAsync(Stage stage, CancellationToken cancellationToken)
    {
        stage.Console.Step("7. The export that picks patients by their SSN is refused here, too");
        stage.Console.Command($"mariadb -B -N -e \"{Statement}\" | wc -l");
        var direct = await Stage.MariaDbAsync(stage.MariaDb.Direct, Statement, cancellationToken, Plain);
        stage.Console.Line($"direct: {direct.Output.Count(character => character == '\n'):N0} lines");
        var refused = await Stage.MariaDbAsync(stage.MariaDb.Agent, Statement, cancellationToken, Plain);
        stage.Console.Block($"through PhiGate: {refused.Output.Count(character => character == '\n')} lines", refused.Error);
        stage.Promises.Expect(direct.ExitCode == 0 && refused.ExitCode != 0 && refused.Output.Length == 0, "mariadb: the export is refused whole");
        stage.Promises.Expect(refused.Error.Contains("phigate code=", StringComparison.Ordinal), "mariadb: the refusal says why");

        await UnderstandAsync(stage, cancellationToken);
    }

    private static async Task UnderstandAsync(Stage stage, CancellationToken cancellationToken)
    {
        await using var connection = new MySqlConnection(stage.MariaDb.Agent.MySqlConnectionString().ConnectionString);
        await connection.OpenAsync(cancellationToken);
        MySqlException? refusal = null;
        try
        {
            await using var export = new MySqlCommand(Statement, connection);
            await export.ExecuteScalarAsync(cancellationToken);
        }
        catch (MySqlException exception)
        {
            refusal = exception;
        }

        await using var next = new MySqlCommand("SELECT count(*) FROM wards", connection);
        var wards = await next.ExecuteScalarAsync(cancellationToken);
        stage.Console.Line($"as a C# program sees it: Number={refusal?.Number} code={Field(refusal, "code")} retry={Field(refusal, "retry")}; "
            + $"the same connection goes on: {wards} wards");
        stage.Promises.Expect(refusal is { Number: AccessDenied } && Field(refusal, "code").Length > 0, "MySqlConnector: the refusal has number 1227 and a code");
        stage.Promises.Expect(wards is 10L, "MySqlConnector: the connection lives on after a refusal");
    }

    private static string Field(MySqlException? refusal, string name)
        => refusal?.Message.Split(' ', ':').FirstOrDefault(part => part.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..] ?? "";
}
