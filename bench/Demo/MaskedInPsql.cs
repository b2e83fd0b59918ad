namespace Proxy.Bench.Demo;

/// <summary>Step 1: the same question three times with psql.</summary>
internal static class MaskedInPsql
{
    public const string Query = "SELECT id, last_name, birth_date, ssn, ward, risk_score FROM patients WHERE ward = '3-east' ORDER BY id LIMIT 3";

    public static async Task RunAsync(Stage stage, CancellationToken cancellationToken)
    {
        stage.Console.Step("1. An agent looks at patients, with psql");
        stage.Console.Command($"psql -c \"{Query}\"");
        var direct = await ShowAsync(stage, "direct", stage.Direct, cancellationToken);
        var redacted = await ShowAsync(stage, "through PhiGate, profile redacted", stage.Agent, cancellationToken);
        var pseudonymous = await ShowAsync(stage, "through PhiGate, profile pseudonymous: stable tokens, still joinable", stage.Researcher, cancellationToken);

        foreach (var masked in new[] { redacted, pseudonymous })
        {
            stage.Promises.Expect(masked.Length == direct.Length && direct.Length == 3, "psql shows as many rows through PhiGate as direct");
            foreach (var (before, after) in direct.Zip(masked))
            {
                stage.Promises.Expect(before[0] == after[0] && before[4] == after[4] && before[5] == after[5], "psql: columns that are not PHI are unchanged");
                stage.Promises.Expect(before[1] != after[1] && before[2] != after[2] && before[3] != after[3], "psql: name, birth date and SSN are masked");
            }
        }
    }

    private static async Task<string[][]> ShowAsync(Stage stage, string label, Servers.Endpoint endpoint, CancellationToken cancellationToken)
    {
        var result = await stage.PsqlAsync(endpoint, cancellationToken, "\\pset footer off", "\\timing on", Query);
        stage.Promises.Expect(result.ExitCode == 0, $"psql gets an answer ({label})");
        var lines = (result.Output + result.Error).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        stage.Console.Block($"{label}   {lines.LastOrDefault(line => line.StartsWith("Time:", StringComparison.Ordinal))}",
            string.Join('\n', lines.Where(line => !line.StartsWith("Time:", StringComparison.Ordinal) && !line.StartsWith("--", StringComparison.Ordinal))));
        return [.. lines.Skip(2).Where(line => line.Contains('|', StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))];
    }
}
