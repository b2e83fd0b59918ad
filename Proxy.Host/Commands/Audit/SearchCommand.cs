using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Proxy.Host.Evidence.Index;

namespace Proxy.Host.Commands.Audit;

/// <summary><c>phigate audit search</c>: statements by what is readable of them, newest first.</summary>
internal static class SearchCommand
{
    internal static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static Command Create()
    {
        var journal = new JournalArguments();
        var query = new QueryOptions();
        var limit = new Option<int>("--limit") { Description = "At most so many", DefaultValueFactory = _ => 100 };
        var json = new Option<bool>("--json") { Description = "As JSON Lines" };
        var command = new Command("search", "List statements by time, person, agent, target, relation, identifier, decision or risk") { limit, json };
        query.AddTo(command);
        journal.AddTo(command);
        journal.SetAction(command, async (arguments, cancellationToken) =>
        {
            await journal.RecordAsync(arguments, isUnsealed: false, cancellationToken);
            var directory = journal.DirectoryOf(arguments);
            using var index = AuditIndex.Open(directory, AuditIndex.DefaultPathFor(directory), cancellationToken);
            var output = arguments.InvocationConfiguration.Output;
            foreach (var row in index.Search(query.Of(arguments, arguments.GetValue(limit))))
                await output.WriteLineAsync(arguments.GetValue(json) ? JsonSerializer.Serialize(row, Json) : Line(row));
            return ExitCode.Success;
        });
        return command;
    }

    private static string Line(StatementRow row)
    {
        var who = row.Human.Length == 0 ? row.Subject : $"{row.Human} by {(row.Agent.Length == 0 ? row.Subject : row.Agent)}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"#{row.Number,-9} {row.Time:yyyy-MM-dd HH:mm:ss}  {who,-24} {row.Target,-12} {row.Verdict,-7} {row.Status,-10} {row.Rows,7} rows, {row.MaskedColumns,3} masked  {row.Risk}  {row.Relations}");
    }
}
