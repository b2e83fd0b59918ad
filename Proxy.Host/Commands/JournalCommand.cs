using System.Buffers;
using System.CommandLine;
using Proxy.Core.Journal;
using Proxy.Core.Journal.Reading;

namespace Proxy.Host.Commands;

/// <summary><c>phigate journal read</c> and <c>verify</c>: the record as JSON Lines, and whether it is whole.</summary>
internal static class JournalCommand
{
    public static Command Create() => new("journal", "Read and verify the record of statements") { Read(), Verify() };

    private static Command Read()
    {
        var directory = DirectoryArgument();
        var statements = new Option<bool>("--statements") { Description = "Also show the text of statements, which can hold PHI" };
        var parameters = new Option<bool>("--parameters") { Description = "Also show parameter values, which can hold PHI" };
        var command = new Command("read", "Print every record as a line of JSON (exit code 3 when some are damaged)") { directory, statements, parameters };
        command.SetAction(result => Run(
            result,
            result.GetRequiredValue(directory),
            new JournalFormatterOptions(ShowsStatements: result.GetValue(statements), ShowsParameters: result.GetValue(parameters))));
        return command;
    }

    private static Command Verify()
    {
        var directory = DirectoryArgument();
        var command = new Command("verify", "Check every record's checksum and number (exit code 3 when some are damaged)") { directory };
        command.SetAction(result => Run(result, result.GetRequiredValue(directory), printing: null));
        return command;
    }

    private static Argument<string> DirectoryArgument() => new("directory") { Description = "The journal's directory", HelpName = "DIR" };

    private static int Run(ParseResult arguments, string directory, JournalFormatterOptions? printing)
    {
        var console = arguments.InvocationConfiguration;
        if (!Directory.Exists(directory))
        {
            console.Error.WriteLine($"there is no directory {directory}");
            return ExitCode.Failure;
        }
        try
        {
            using var reader = new JournalReader(directory);
            var (records, damages) = Walk(reader, console, printing);
            var report = printing is null ? console.Output : console.Error;
            report.WriteLine($"{records} records, {damages} damaged places");
            return damages == 0 ? ExitCode.Success : ExitCode.JournalDamaged;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JournalFormatException)
        {
            console.Error.WriteLine(exception.Message);
            return ExitCode.Failure;
        }
    }

    private static (long Records, long Damages) Walk(JournalReader reader, InvocationConfiguration console, JournalFormatterOptions? printing)
    {
        long records = 0, damages = 0;
        var lines = new ArrayBufferWriter<byte>();
        using var formatter = new JournalFormatter(lines, printing ?? default);
        while (reader.Read() is var step and not JournalReadResult.End)
        {
            if (step is JournalReadResult.Record)
            {
                records++;
                if (printing is null)
                    continue;
                formatter.Write(reader.Entry);
            }
            else
            {
                damages++;
                if (printing is null)
                    console.Output.WriteLine(reader.Damage.ToString());
                else
                    formatter.Write(reader.Damage);
            }
            console.Output.Write(System.Text.Encoding.UTF8.GetString(lines.WrittenSpan));
            lines.ResetWrittenCount();
        }
        return (records, damages);
    }
}
