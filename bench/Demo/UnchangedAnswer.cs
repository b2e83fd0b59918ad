namespace Proxy.Bench.Demo;

/// <summary>Step 4: what holds no PHI comes through as it is.</summary>
internal static class UnchangedAnswer
{
    public const string Query = "SELECT c.ward, w.name, c.patients FROM ward_census c JOIN wards w ON w.code = c.ward ORDER BY c.patients DESC";
    private const int Shown = 3;

    public static async Task RunAsync(Stage stage, CancellationToken cancellationToken)
    {
        stage.Console.Step("4. Counts by ward hold no PHI and come unchanged");
        stage.Console.Command($"psql -c \"{Query}\"");
        var direct = await stage.PsqlAsync(stage.Direct, cancellationToken, Query);
        var through = await stage.PsqlAsync(stage.Agent, cancellationToken, Query);
        var lines = through.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        foreach (var line in lines.Take(Shown + 2))
            stage.Console.Line("  " + line.TrimEnd());
        var isSame = through.ExitCode == 0 && through.Output == direct.Output && lines.Length == 13;
        stage.Console.Line(isSame ? "  … byte for byte what the server sends direct" : through.Error);
        stage.Promises.Expect(isSame, "counts by ward are byte for byte the same");
    }
}
