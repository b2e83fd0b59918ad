using System.CommandLine;
using Proxy.Host.Evidence;
using Proxy.Host.Evidence.Reports;

namespace Proxy.Host.Commands.Audit;

/// <summary><c>phigate audit export</c>: statements for an auditor, with a signed manifest.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        var journal = new JournalArguments();
        var query = new QueryOptions();
        var output = new Option<string>("--output") { Description = "A new directory for the export", HelpName = "DIR", Required = true };
        var command = new Command("export", "Write what is readable of statements as JSON Lines and Parquet, with heads, public key and a signed manifest") { output };
        query.AddTo(command);
        journal.AddTo(command);
        journal.SetAction(command, async (arguments, cancellationToken) =>
        {
            await journal.RecordAsync(arguments, isUnsealed: false, cancellationToken);
            var directory = journal.DirectoryOf(arguments);
            var target = arguments.GetRequiredValue(output);
            if (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any())
                throw new IOException($"{target} is not empty");
            using var keys = await journal.OpenKeysAsync(arguments, cancellationToken);
            var facts = JournalFacts.Load(directory, query.Of(arguments, limit: -1), publicKey: null, cancellationToken);
            await new AuditExport(directory, target, await keys.OpenSignerAsync(cancellationToken), TimeProvider.System).WriteAsync(facts, cancellationToken);
            await arguments.InvocationConfiguration.Output.WriteLineAsync($"{facts.Statements.Count} statements in {target}");
            return ExitCode.Success;
        });
        return command;
    }
}
