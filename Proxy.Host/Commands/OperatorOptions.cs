using System.CommandLine;
using Proxy.Host.Configuration;
using Proxy.Host.Tools;

namespace Proxy.Host.Commands;

/// <summary>Which gateway of this machine an operator means: by its configuration, or by its socket.</summary>
internal static class OperatorOptions
{
    public static readonly Option<string?> Configuration = new("--config") { Description = "The gateway's configuration directory", HelpName = "DIR" };
    public static readonly Option<string?> Socket = new("--socket") { Description = "The gateway's socket (admin.socket), instead of --config", HelpName = "FILE" };

    public static async Task<OperatorClient> ClientAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        if (arguments.GetValue(Socket) is { } path)
            return new OperatorClient(path);
        var directory = arguments.GetValue(Configuration) ?? throw new ToolException("which gateway? Give --config or --socket");
        var reading = await ConfigurationLoader.ReadAsync(directory, cancellationToken);
        return reading.Snapshot is { } snapshot
            ? new OperatorClient(snapshot.Gateway.Admin.Socket!)
            : throw new ToolException($"{directory} cannot be read as a configuration: run phigate check, or give --socket");
    }
}
