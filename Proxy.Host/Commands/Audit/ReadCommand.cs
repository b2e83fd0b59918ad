using System.Buffers;
using System.CommandLine;
using System.Text;
using Proxy.Core.Journal;
using Proxy.Core.Journal.Reading;

namespace Proxy.Host.Commands.Audit;

/// <summary><c>phigate audit read</c>: the record as JSON Lines. Needs no sealing key, unless it is to show what was sealed.</summary>
internal static class ReadCommand
{
    public static Command Create()
    {
        var journal = new JournalArguments();
        var statements = new Option<bool>("--statements") { Description = "Also show the text of statements, which can hold PHI; needs the sealing key" };
        var parameters = new Option<bool>("--parameters") { Description = "Also show parameter values, which can hold PHI; needs the sealing key" };
        var command = new Command("read", "Print every record as a line of JSON (exit code 3 when some are damaged)") { statements, parameters };
        journal.AddTo(command);
        journal.SetAction(command, (arguments, cancellationToken) => RunAsync(
            journal, arguments, new JournalFormatterOptions(arguments.GetValue(statements), arguments.GetValue(parameters)), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        JournalArguments journal, ParseResult arguments, JournalFormatterOptions options, CancellationToken cancellationToken)
    {
        var console = arguments.InvocationConfiguration;
        var isUnsealed = options.ShowsStatements || options.ShowsParameters;
        await journal.RecordAsync(arguments, isUnsealed, cancellationToken);
        using var keys = isUnsealed ? await journal.LoadKeysAsync(arguments, cancellationToken) : null;
        using var reader = new JournalReader(journal.DirectoryOf(arguments), keys: keys);
        var lines = new ArrayBufferWriter<byte>();
        using var formatter = new JournalFormatter(lines, options);
        long records = 0, damages = 0;
        while (reader.Read() is var step and not JournalReadResult.End)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (step is JournalReadResult.Record)
            {
                records++;
                formatter.Write(reader.Entry);
            }
            else
            {
                damages++;
                formatter.Write(reader.Damage);
            }
            await console.Output.WriteAsync(Encoding.UTF8.GetString(lines.WrittenSpan));
            lines.ResetWrittenCount();
        }
        await console.Error.WriteLineAsync($"{records} records, {damages} damaged places");
        return damages == 0 ? ExitCode.Success : ExitCode.JournalDamaged;
    }
}
