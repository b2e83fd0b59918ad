using System.CommandLine;
using Proxy.Core.Journal.Sealing;
using Proxy.Host.Evidence;

namespace Proxy.Host.Commands.Audit;

/// <summary>What the audit commands have in common: which journal, and with which keys.</summary>
internal static class JournalArguments
{
    public static Argument<string> Directory() => new("directory") { Description = "The journal's directory", HelpName = "DIR" };

    public static Option<string?> Keys() => new("--keys")
    {
        Description = "The directory of the journal's keys (default: DIR-keys)",
        HelpName = "DIR",
    };

    public static string KeysOf(string directory, string? keys) => keys ?? JournalKeyDirectory.DefaultFor(directory);

    /// <summary>The keys of all segments.</summary>
    /// <exception cref="JournalKeyException">A key is missing or foreign.</exception>
    public static async Task<SegmentKeyRing> LoadKeysAsync(string directory, string? keys, CancellationToken cancellationToken)
    {
        using var sealing = JournalKeyDirectory.OpenSealing(KeysOf(directory, keys));
        return await SegmentKeyRing.LoadAsync(directory, sealing, cancellationToken);
    }

    /// <summary>Runs a command; what files and keys refuse is one line and a failure.</summary>
    public static async Task<int> GuardAsync(InvocationConfiguration console, string directory, Func<Task<int>> command)
    {
        if (!System.IO.Directory.Exists(directory))
        {
            await console.Error.WriteLineAsync($"there is no directory {directory}");
            return ExitCode.Failure;
        }
        try
        {
            return await command();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            await console.Error.WriteLineAsync(exception.Message);
            return ExitCode.Failure;
        }
    }
}
