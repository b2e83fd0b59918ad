using System.Buffers;
using System.CommandLine;
using System.Text;
using Proxy.Core.Journal;
using Proxy.Core.Journal.Reading;

namespace Proxy.Host.Commands.Audit;

/// <summary><c>phigate audit show</c>: one record with everything in it.</summary>
internal static class ShowCommand
{
    public static Command Create()
    {
        var journal = new JournalArguments();
        var number = new Argument<long>("number") { Description = "The record's number", HelpName = "NUMBER" };
        var command = new Command("show", "Print one record with what is sealed in it; needs the sealing key") { number };
        journal.AddTo(command);
        journal.SetAction(command, async (arguments, cancellationToken) =>
        {
            await journal.RecordAsync(arguments, isUnsealed: true, cancellationToken);
            using var keys = await journal.LoadKeysAsync(arguments, cancellationToken);
            var (directory, wanted) = (journal.DirectoryOf(arguments), arguments.GetValue(number));
            using var reader = new JournalReader(directory, keys: keys, firstSegment: JournalReader.SegmentOf(directory, wanted));
            while (reader.Read() is var step and not JournalReadResult.End)
            {
                if (step is not JournalReadResult.Record || reader.Entry.Number != wanted) continue;
                var line = new ArrayBufferWriter<byte>();
                using var formatter = new JournalFormatter(line, new JournalFormatterOptions(ShowsStatements: true, ShowsParameters: true));
                formatter.Write(reader.Entry);
                await arguments.InvocationConfiguration.Output.WriteAsync(Encoding.UTF8.GetString(line.WrittenSpan));
                return ExitCode.Success;
            }
            await arguments.InvocationConfiguration.Error.WriteLineAsync($"there is no record {wanted}");
            return ExitCode.Failure;
        });
        return command;
    }
}
