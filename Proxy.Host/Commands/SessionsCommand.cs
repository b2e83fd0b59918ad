using System.CommandLine;
using System.Text.Json;
using Proxy.Host.ControlPlane;

namespace Proxy.Host.Commands;

/// <summary><c>phigate sessions</c>: the live sessions as JSON Lines.</summary>
internal static class SessionsCommand
{
    public static Command Create()
    {
        var command = new Command("sessions", "Print every live session as a line of JSON") { OperatorOptions.Configuration, OperatorOptions.Socket };
        command.SetAction(ToolOptions.Guarded(RunAsync));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        using var gateway = await OperatorOptions.ClientAsync(arguments, cancellationToken);
        foreach (var session in await gateway.SessionsAsync(cancellationToken))
            await arguments.InvocationConfiguration.Output.WriteLineAsync(JsonSerializer.Serialize(session, ControlPlaneJson.Format));
        return ExitCode.Success;
    }
}
