using System.Buffers;
using System.CommandLine;
using System.Text;
using Proxy.Core.Journal;
using Proxy.Core.Journal.Reading;

namespace Proxy.Host.Commands.Audit;

/// <summary><c>phigate audit read</c>: the record as JSON Lines. Needs no key, unless it is to show what was sealed.</summary>
internal static class ReadCommand
{
    public static Command Create()
    {
        var directory = JournalArguments.Directory();
        var keys = JournalArguments.Keys();
        var statements = new Option<bool>("--statements") { Description = "Also show the text of statements, which can hold PHI; needs the sealing key" };
        var parameters = new Option<bool>("--parameters") { Description = "Also show parameter values, which can hold PHI; needs the sealing key" };
        var command = new Command("read", "Print every record as a line of JSON (exit code 3 when some are damaged)") { directory, keys, statements, parameters };
        command.SetAction((result, cancellationToken) =>
        {
            var path = result.GetRequiredValue(directory);
            var options = new JournalFormatterOptions(ShowsStatements: result.GetValue(statements), ShowsParameters: result.GetValue(parameters));
            return JournalArguments.GuardAsync(
                result.InvocationConfiguration, path, () => RunAsync(result.InvocationConfiguration, path, result.GetValue(keys), options, cancellationToken));
        });
        return command;
    }

    private static async Task<int> RunAsync(
        InvocationConfiguration console, string directory, string? keyDirectory, JournalFormatterOptions options, CancellationToken cancellationToken)
    {
        using var keys = options is { ShowsStatements: false, ShowsParameters: false }
            ? null
            : await JournalArguments.LoadKeysAsync(directory, keyDirectory, cancellationToken);
        using var reader = new JournalReader(directory, keys: keys);
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
