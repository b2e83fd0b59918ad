using System.CommandLine;
using Proxy.Host.Tools;

namespace Proxy.Host.Commands;

/// <summary><c>phigate whoami</c>: what the gateway makes of one's token.</summary>
internal static class WhoamiCommand
{
    public static Command Create()
    {
        var command = new Command("whoami", "Show who the gateway takes you for, how it knows, and where you may go") { ToolOptions.Gateway, ToolOptions.Authorities };
        command.SetAction(ToolOptions.Guarded(RunAsync));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var output = arguments.InvocationConfiguration.Output;
        using var http = ToolHttp.Create(arguments.GetValue(ToolOptions.Authorities));
        var token = await ToolOptions.TokenAsync(TimeProvider.System, cancellationToken);
        var identity = await new GatewayClient(http, ToolOptions.GatewayOf(arguments), token).IdentifyAsync(cancellationToken);
        void Line(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
                output.WriteLine($"{name + ":",-10} {value}{(identity.KnownAs.TryGetValue(name, out var how) ? $" ({how})" : "")}");
        }

        Line("issuer", identity.Issuer);
        Line("subject", identity.Subject);
        Line("agent", identity.Agent);
        Line("human", identity.Human);
        Line("task", identity.Task);
        Line("workload", identity.Workload);
        Line("groups", string.Join(", ", identity.Groups));
        Line("actors", string.Join(" < ", identity.Actors));
        Line("token", identity.TokenId);
        Line("until", $"{identity.SessionsEndAt:u}");
        Line("targets", identity.Targets.IsEmpty ? "none" : string.Join(", ", identity.Targets));
        return ExitCode.Success;
    }
}
