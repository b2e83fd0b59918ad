using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Clients;

/// <summary>psql with the scripts in Psql/. Each prints "end of script" last, unless psql gave up on the way.</summary>
internal static partial class PsqlProgram
{
    public static IReadOnlyList<string> Scripts { get; } =
        [.. Directory.GetFiles(ScriptsDirectory(), "*.sql").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    public static async Task<ClientStep> RunAsync(ClientEndpoint endpoint, string script)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(ScriptsDirectory(), script + ".sql"));
        var result = await Psql.RunAsync(endpoint, text, "-a");
        if (result.ExitCode != 0 || !result.Output.TrimEnd().EndsWith("end of script", StringComparison.Ordinal))
            throw new InvalidOperationException($"psql ended with {result.ExitCode}:\n{result.Output}\n{result.Errors}");
        return new ClientStep(script, ProcessId().Replace(result.Output + result.Errors, "PID n"));
    }

    [GeneratedRegex("PID [0-9]+")]
    private static partial Regex ProcessId();

    private static string ScriptsDirectory([CallerFilePath] string thisFile = "") =>
        Path.Combine(Path.GetDirectoryName(thisFile)!, "Psql");
}
