using System.Globalization;
using System.Text.Json;

namespace Proxy.Bench.Demo;

/// <summary>Step 9: the journal, read by the command that an auditor would use: every intent stands before its outcome.</summary>
internal static class RecordReadBack
{
    public static async Task RunAsync(Stage stage, CancellationToken cancellationToken)
    {
        stage.Console.Step("9. The record of both, written before anything was forwarded");
        var result = await RunAsync(stage, stage.Gateway.ReadJournal, cancellationToken);
        var records = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonSerializer.Deserialize<JsonElement>(line)).ToArray();
        stage.Promises.Expect(!records.Any(record => record.TryGetProperty("damage", out _)), "no place in the journal is damaged");

        Show(stage, records, MaskedInPsql.Query);
        Show(stage, records, MaskedInNpgsql.Query);
        Show(stage, records, UnchangedAnswer.Query);
        ShowRefusal(stage, records, RefusedExport.Statement);
        Show(stage, records, MaskedInMariaDb.Query);
        Show(stage, records, MaskedInMySqlConnector.Query);
        ShowRefusal(stage, records, RefusedMariaDbExport.Statement);
        VerifyOrder(stage, records);
        stage.Console.Line((await RunAsync(stage, stage.Gateway.VerifyJournal, cancellationToken)).Output.Trim());
    }

    private static async Task<Servers.Command> RunAsync(Stage stage, IReadOnlyList<string> command, CancellationToken cancellationToken)
    {
        stage.Console.Command("phigate " + string.Join(' ', command.Skip(1)).Replace(stage.Gateway.Configuration + "/", "", StringComparison.Ordinal));
        var result = await Servers.Command.RunAsync(command, null, null, cancellationToken);
        stage.Promises.Expect(result.ExitCode == 0, $"phigate {command[1]} {command[2]} ends well");
        return result;
    }

    private static void Show(Stage stage, JsonElement[] records, string statement)
    {
        var intent = records.FirstOrDefault(record => Text(record, "kind") == "intent" && Text(record, "text") == statement);
        var number = Number(intent, "number");
        // The outcome of a prepared statement names its execution, which names the intent; the intent's own outcome is then that of Parse.
        var execution = records.FirstOrDefault(record => Text(record, "kind") == "execution" && Number(record, "intent") == number);
        var ran = execution.ValueKind == JsonValueKind.Object ? Number(execution, "number") : number;
        var outcome = records.FirstOrDefault(record => Text(record, "kind") == "outcome" && Number(record, "statement") == ran);
        stage.Promises.Expect(number > 0, $"the journal holds the intent of: {statement}");
        stage.Promises.Expect(Number(outcome, "number") > number && Text(outcome, "status") == "completed", $"the journal holds the outcome of: {statement}");
        if (number == 0)
            return;
        stage.Console.Line($"#{number,-5} {Time(intent)} intent   {Text(intent, "profile"),-12} {Cut(statement, 72)}");
        stage.Console.Line($"#{Number(outcome, "number"),-5} {Time(outcome)} outcome  {Text(outcome, "command_tag"),-12} {Number(outcome, "masked_columns")} columns masked, {Number(outcome, "elapsed_us"):N0} µs");
    }

    private static void ShowRefusal(Stage stage, JsonElement[] records, string statement)
    {
        var intents = records.Where(record => Text(record, "kind") == "intent" && Text(record, "text") == statement)
            .Select(record => Number(record, "number")).ToHashSet();
        var refused = records.FirstOrDefault(record => Text(record, "kind") == "refused"
            && intents.Contains(Number(record, "intent")));
        stage.Promises.Expect(Number(refused, "number") > 0, $"the journal holds the refusal of: {statement}");
        stage.Promises.Expect(!records.Any(record => Text(record, "kind") == "outcome" && intents.Contains(Number(record, "statement"))),
            "the refused statement has no outcome: it never ran");
        if (Number(refused, "number") > 0)
            stage.Console.Line($"#{Number(refused, "number"),-5} {Time(refused)} refused  {Text(refused, "code"),-12} {statement}");
    }

    private static void VerifyOrder(Stage stage, JsonElement[] records)
    {
        var intents = records.Where(record => Text(record, "kind") is "intent" or "execution").Select(record => Number(record, "number")).ToHashSet();
        var outcomes = records.Where(record => Text(record, "kind") == "outcome").ToArray();
        var isOrdered = outcomes.All(outcome => intents.Contains(Number(outcome, "statement")) && Number(outcome, "statement") < Number(outcome, "number"));
        stage.Promises.Expect(outcomes.Length > 0 && isOrdered, "every outcome has its intent before it");
        stage.Console.Line($"{records.Length:N0} records, {outcomes.Length:N0} outcomes, {(isOrdered ? "each after its intent" : "NOT each after its intent")}");
    }

    private static string Text(JsonElement record, string name)
        => record.ValueKind == JsonValueKind.Object && record.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static long Number(JsonElement record, string name)
        => record.ValueKind == JsonValueKind.Object && record.TryGetProperty(name, out var value) && value.TryGetInt64(out var number) ? number : 0;

    private static string Time(JsonElement record)
        => DateTimeOffset.TryParse(Text(record, "time"), CultureInfo.InvariantCulture, out var time) ? time.ToString("HH:mm:ss.ffffff", CultureInfo.InvariantCulture) : "";

    private static string Cut(string text, int length) => text.Length <= length ? text : text[..(length - 1)] + "…";
}
