using System.CommandLine;
using System.Globalization;
using Proxy.Host.Evidence.Reconciliation;

namespace Proxy.Host.Commands.Audit;

/// <summary><c>phigate audit reconcile</c>: names what a server ran that did not come through the gateway, and the reverse.</summary>
internal static class ReconcileCommand
{
    private const int ShownMax = 1000;

    public static Command Create()
    {
        var journal = new JournalArguments();
        var logs = new Option<string[]>("--log") { Description = "A file of the server's log; may be given several times, in their order", HelpName = "FILE", Required = true };
        var format = new Option<ServerLogFormat>("--format") { Description = "How the server writes it" };
        var target = new Option<string?>("--target") { Description = "Only statements to this target" };
        var users = new Option<string[]>("--except-user") { Description = "A database user that is expected beside the gateway; may be given several times", DefaultValueFactory = _ => [] };
        var tolerance = new Option<int>("--tolerance-seconds") { Description = "How far clocks may be apart", DefaultValueFactory = _ => 10 };
        var statements = new Option<bool>("--statements") { Description = "Also show the text of statements, which can hold PHI" };
        var command = new Command("reconcile", "Compare with a server's own statement log: what did not come through the gateway, and the reverse (exit code 3)")
        {
            logs, format, target, users, tolerance, statements,
        };
        journal.AddTo(command);
        journal.SetAction(command, async (arguments, cancellationToken) =>
        {
            await journal.RecordAsync(arguments, isUnsealed: true, cancellationToken);
            using var keys = await journal.LoadKeysAsync(arguments, cancellationToken);
            var reconciler = Reconciler.Load(
                journal.DirectoryOf(arguments), keys, arguments.GetValue(target), TimeSpan.FromSeconds(arguments.GetValue(tolerance)), cancellationToken);
            var expected = (arguments.GetValue(users) ?? []).ToHashSet(StringComparer.Ordinal);
            var report = await reconciler.CompareAsync(
                ReadAsync(arguments.GetRequiredValue(logs), arguments.GetValue(format), cancellationToken).Where(statement => !expected.Contains(statement.User)), cancellationToken);
            await PrintAsync(arguments.InvocationConfiguration.Output, report, arguments.GetValue(statements));
            return report.IsComplete ? ExitCode.Success : ExitCode.JournalDamaged;
        });
        return command;
    }

    private static async IAsyncEnumerable<ServerStatement> ReadAsync(
        string[] files, ServerLogFormat format, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var file in files)
        {
            using var log = new StreamReader(file);
            await foreach (var statement in ServerLog.ReadAsync(log, format, cancellationToken))
                yield return statement;
        }
    }

    private static async Task PrintAsync(TextWriter output, ReconciliationReport report, bool showsStatements)
    {
        foreach (var statement in report.OnlyAtServer.Take(ShownMax))
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"server   line {statement.Line}  {statement.Time:yyyy-MM-dd HH:mm:ss}  {statement.User}@{statement.Database} session {statement.Session}{(statement.Application.Length > 0 ? $" ({statement.Application})" : "")}{(showsStatements ? $"  {statement.Text}" : "")}"));
        foreach (var number in report.OnlyInJournal.Take(ShownMax))
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"journal  record {number} has run, and is not in the server's log"));
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Matched} statements agree; {report.OnlyAtServer.Count} did not come through the gateway; {report.OnlyInJournal.Count} are in the journal only; {report.Own} call themselves '{Reconciler.CatalogueApplication}', which anybody can"));
    }
}
