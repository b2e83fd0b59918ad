using Proxy.Bench.Servers;

namespace Proxy.Bench.Demo;

/// <summary>Step 5: the same hospital in MariaDB, asked three times with its own command line client, at another listener of the same PhiGate.</summary>
internal static class MaskedInMariaDb
{
    public const string Query = "SELECT id, last_name, birth_date, ssn, ward, risk_score FROM patients WHERE ward = '4-west' ORDER BY id LIMIT 3";

    public static async Task RunAsync(Stage stage, CancellationToken cancellationToken)
    {
        stage.Console.Step("5. The same hospital in MariaDB, at another listener of the same PhiGate, with the mariadb client");
        stage.Console.Command($"mariadb -t -e \"{Query}\"");
        var direct = await ShowAsync(stage, "direct", stage.MariaDb.Direct, cancellationToken);
        var redacted = await ShowAsync(stage, "through PhiGate, profile redacted", stage.MariaDb.Agent, cancellationToken);
        var pseudonymous = await ShowAsync(stage, "through PhiGate, profile pseudonymous", stage.MariaDb.Researcher, cancellationToken);

        foreach (var masked in new[] { redacted, pseudonymous })
        {
            stage.Promises.Expect(masked.Length == direct.Length && direct.Length == 3, "mariadb shows as many rows through PhiGate as direct");
            foreach (var (before, after) in direct.Zip(masked))
            {
                stage.Promises.Expect(before[0] == after[0] && before[4] == after[4] && before[5] == after[5], "mariadb: columns that are not PHI are unchanged");
                stage.Promises.Expect(before[1] != after[1] && before[2] != after[2] && before[3] != after[3], "mariadb: name, birth date and SSN are masked");
            }
        }
    }

    private static async Task<string[][]> ShowAsync(Stage stage, string label, Endpoint endpoint, CancellationToken cancellationToken)
    {
        var result = await Stage.MariaDbAsync(endpoint, Query, cancellationToken, "--table");
        stage.Promises.Expect(result.ExitCode == 0, $"mariadb gets an answer ({label})");
        var lines = (result.Output + result.Error).Split('\n').Where(static line => line.Length > 0 && line[0] != '+').ToArray();
        stage.Console.Block(label, string.Join('\n', lines));
        return [.. lines.Skip(1).Where(static line => line.StartsWith('|')).Select(static line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries))];
    }
}
