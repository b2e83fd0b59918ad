using System.CommandLine;
using System.Globalization;
using Proxy.Core.Journal.Reading;
using Proxy.Core.Journal.Sealing;
using Proxy.Core.Journal.Subjects;

namespace Proxy.Host.Commands.Audit;

/// <summary><c>phigate audit subject</c>: the code under which an individual is recorded.</summary>
internal static class SubjectCommand
{
    public static Command Create()
    {
        var journal = new JournalArguments();
        var kind = new Argument<string>("kind") { Description = "The kind of individuals, as in the classification: patient", HelpName = "KIND" };
        var key = new Argument<string>("key") { Description = "The key of the individual, as the server prints it", HelpName = "KEY" };
        var command = new Command("subject", "Print the code of an individual, for --individual of report; needs the sealing key") { kind, key };
        journal.AddTo(command);
        journal.SetAction(command, async (arguments, cancellationToken) =>
        {
            await journal.RecordAsync(arguments, isUnsealed: true, cancellationToken);
            var directory = journal.DirectoryOf(arguments);
            using var reader = new JournalReader(directory);
            if (reader.Read() is JournalReadResult.End)
                throw new JournalKeyException($"{directory} holds no record");
            using var keys = await journal.OpenKeysAsync(arguments, cancellationToken);
            using var coder = await SubjectKeyFile.OpenAsync(directory, reader.JournalId, keys.OpenSealing(), cancellationToken);
            var code = coder.CodeOf(arguments.GetRequiredValue(kind), arguments.GetRequiredValue(key));
            await arguments.InvocationConfiguration.Output.WriteLineAsync(
                string.Create(CultureInfo.InvariantCulture, $"{arguments.GetRequiredValue(kind)}={code:x16}"));
            return ExitCode.Success;
        });
        return command;
    }
}
