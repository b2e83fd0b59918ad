using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Clients;

/// <summary>Reads what a client program prints: a line for each step, its name and its outcome with a tab between.</summary>
internal static class ClientOutput
{
    public static IReadOnlyList<ClientStep> Read(string program, CommandResult result) =>
        result.ExitCode == 0
            ? [.. result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t', 2)).Select(fields => new ClientStep(fields[0], fields[1]))]
            : throw new InvalidOperationException($"{program} ended with {result.ExitCode}:\n{result.Output}\n{result.Errors}");
}
