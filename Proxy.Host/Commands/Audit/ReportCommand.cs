using System.CommandLine;
using Proxy.Host.Evidence.Index;
using Proxy.Host.Evidence.Reports;

namespace Proxy.Host.Commands.Audit;

/// <summary><c>phigate audit report</c>: what happened in a period, for people, from the journal or from an export alone.</summary>
internal static class ReportCommand
{
    public static Command Create()
    {
        var journal = new JournalArguments();
        var name = new Argument<string>("report") { Description = string.Join(", ", ReportCatalogue.Names), HelpName = "REPORT" };
        name.AcceptOnlyFromAmong([.. ReportCatalogue.Names]);
        var period = new PeriodOptions();
        var format = new Option<ReportFormat>("--format") { Description = "Markdown, HTML or JSON" };
        var output = new Option<string?>("--output") { Description = "A new file for the report, instead of the terminal", HelpName = "FILE" };
        var question = new ReportQuestionOptions();
        var command = new Command("report", "Report on a period, from a journal or an export: as a page or as JSON") { format, output };
        period.AddTo(command);
        question.AddTo(command);
        journal.AddTo(command);
        command.Arguments.Insert(0, name);
        journal.SetAction(command, async (arguments, cancellationToken) =>
        {
            var directory = journal.DirectoryOf(arguments);
            var facts = await LoadAsync(journal, arguments, period, cancellationToken);
            var report = ReportCatalogue.Make(arguments.GetRequiredValue(name), facts, question.Of(arguments));
            var text = ReportCatalogue.Write(report, arguments.GetValue(format));
            if (arguments.GetValue(output) is { } file)
                await File.WriteAllTextAsync(file, text, cancellationToken);
            else
                await arguments.InvocationConfiguration.Output.WriteAsync(text);
            return facts.Integrity.All(static finding => finding.Holds) ? ExitCode.Success : ExitCode.JournalDamaged;
        });
        return command;
    }

    /// <summary>From an export alone; or from the journal, which is recorded as a read.</summary>
    internal static async Task<AuditFacts> LoadAsync(JournalArguments journal, ParseResult arguments, PeriodOptions period, CancellationToken cancellationToken)
    {
        var directory = journal.DirectoryOf(arguments);
        var (from, to) = period.Of(arguments);
        if (ExportFacts.IsExport(directory))
            return await ExportFacts.LoadAsync(directory, from, to, cancellationToken);
        await journal.RecordAsync(arguments, isUnsealed: false, cancellationToken);
        using var keys = await journal.OpenKeysAsync(arguments, cancellationToken);
        return JournalFacts.Load(
            directory, new StatementQuery { From = from, To = to }, await keys.ReadPublicKeyAsync(cancellationToken), cancellationToken);
    }
}
