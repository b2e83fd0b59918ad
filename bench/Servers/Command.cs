using System.Diagnostics;

namespace Proxy.Bench.Servers;

/// <summary>A program that runs to its end: initdb, psql, pgbench, openssl.</summary>
/// <param name="ExitCode">The program's own.</param>
/// <param name="Output">All of its standard output.</param>
/// <param name="Error">All of its standard error.</param>
internal sealed record Command(int ExitCode, string Output, string Error)
{
    /// <summary>Runs and returns whatever the end was; a cancelled run kills the program and its children.</summary>
    public static async Task<Command> RunAsync(
        IReadOnlyList<string> command, IReadOnlyDictionary<string, string>? environment, string? input, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;

        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{command[0]} did not start.");
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            if (input is not null)
                await process.StandardInput.WriteAsync(input.AsMemory(), cancellationToken);
            process.StandardInput.Close();
            await process.WaitForExitAsync(cancellationToken);
            return new Command(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>Runs and throws unless the program ends with 0.</summary>
    public static async Task<string> RequireAsync(
        IReadOnlyList<string> command, IReadOnlyDictionary<string, string>? environment = null, CancellationToken cancellationToken = default)
    {
        var result = await RunAsync(command, environment, null, cancellationToken);
        return result.ExitCode == 0
            ? result.Output
            : throw new InvalidOperationException($"{command[0]} ended with {result.ExitCode}: {result.Error.Trim()}");
    }
}
