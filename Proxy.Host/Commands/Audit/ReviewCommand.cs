using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Proxy.Host.Evidence;
using Proxy.Host.Evidence.Reports;

namespace Proxy.Host.Commands.Audit;

/// <summary><c>phigate audit review</c>: signs for having looked at a period. What was looked at is the report <c>all</c> of that period.</summary>
internal static class ReviewCommand
{
    public static Command Create()
    {
        var journal = new JournalArguments();
        var period = new PeriodOptions();
        var reviewer = new Option<string>("--reviewer") { Description = "Who signs", Required = true };
        var finding = new Option<long[]>("--finding") { Description = "The number of a record that needs something done; may be given several times", DefaultValueFactory = _ => [] };
        var note = new Option<string>("--note") { Description = "What was found; it is sealed", DefaultValueFactory = _ => "" };
        var report = new Option<string?>("--report") { Description = "A new file for the report, as JSON, that is signed for", HelpName = "FILE" };
        var command = new Command("review", "Sign for a review of a period: recorded, with the digest of what was reviewed") { reviewer, finding, note, report };
        period.AddTo(command);
        journal.AddTo(command, isRecorded: false);
        journal.SetAction(command, async (arguments, cancellationToken) =>
        {
            var console = arguments.InvocationConfiguration;
            if (period.Of(arguments) is not ({ } from, { } to) || from >= to)
            {
                await console.Error.WriteLineAsync("a review is of a period: give --from and --to");
                return ExitCode.Failure;
            }
            var directory = journal.DirectoryOf(arguments);
            var facts = await ReportCommand.LoadAsync(journal, arguments, period, cancellationToken);
            // What the reads say changes with every command, this one included.
            var json = ReportCatalogue.Write(ReportCatalogue.Make(ReportCatalogue.All, facts.WithoutReads(), new ReportQuestion()), ReportFormat.Json);
            var numbers = facts.Statements.Select(static row => row.Number).Concat(facts.Sessions.Select(static row => row.Number)).Concat(facts.Events.Select(static row => row.Number))
                .DefaultIfEmpty().ToArray();
            var signature = new ReviewSignature(
                arguments.GetRequiredValue(reviewer), from, to, numbers.Min(), numbers.Max(), SHA256.HashData(Encoding.UTF8.GetBytes(json)), arguments.GetValue(finding) ?? [],
                arguments.GetValue(note) ?? "");
            if (arguments.GetValue(report) is { } file)
                await File.WriteAllTextAsync(file, json, cancellationToken);
            using var keys = await journal.OpenKeysAsync(arguments, cancellationToken);
            await AuditReads.RecordReviewAsync(directory, keys, signature, TimeProvider.System, cancellationToken);
            await console.Output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"{signature.Reviewer} signed for records {signature.FirstRecord} to {signature.LastRecord}, report {Convert.ToHexStringLower(signature.Digest)}"));
            return ExitCode.Success;
        });
        return command;
    }
}
