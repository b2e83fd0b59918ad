using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using Proxy.Host.Configuration.Gateway;
using Proxy.Host.ControlPlane;
using Proxy.Host.Evidence;

namespace Proxy.Host.Commands;

/// <summary><c>phigate run</c>: the control plane, which starts the data plane as its child.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var configuration = ConfigurationOption.Create();
        var command = new Command("run", "Run the gateway until SIGTERM, which drains it; a second one cuts off") { configuration };
        command.SetAction((result, cancellationToken) =>
            RunAsync(result.GetRequiredValue(configuration), result.InvocationConfiguration, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string directory, InvocationConfiguration console, CancellationToken cancellationToken)
    {
        if (await ConfigurationOption.LoadAsync(directory, console, showsWarnings: true, cancellationToken) is not { Snapshot: { } configuration })
            return ExitCode.ConfigurationInvalid;
        if (!await DumpGuard.TryForbidAsync(configuration.Gateway.Admin, console))
            return ExitCode.Failure;
        using var logging = Logging.Create();
        var admin = configuration.Gateway.Admin.Address;
        var options = new ControlPlaneOptions
        {
            HttpEndPoint = await EndPointOfAsync(admin, cancellationToken),
            OperatorSocketPath = configuration.Gateway.Admin.Socket,
            Credentials = configuration.Gateway.Credentials is { } desk
                ? new CredentialServerOptions(await EndPointOfAsync(desk.Address, cancellationToken), desk.Tls, desk.ProxyProtocol)
                : null,
            DataPlaneArguments = [DataPlaneCommand.Name, "--config", configuration.Directory],
            FollowJournal = async log => await JournalFollowers.StartAsync(configuration.Gateway.Journal, TimeProvider.System, log, CancellationToken.None),
            DrainTimeout = TimeSpan.FromSeconds(configuration.Limits.DrainTimeoutSeconds),
        };
        try
        {
            return await ControlPlaneProcess.RunAsync(options, logging.CreateLogger("phigate.control"), CancellationToken.None);
        }
        catch (Exception reason) when (reason is IOException or SocketException or UnauthorizedAccessException)
        {
            // What the operator can mend: a port in use, another gateway on the same journal, a file that cannot be read.
            await console.Error.WriteLineAsync($"phigate cannot start: {reason.Message}");
            return ExitCode.Failure;
        }
    }

    private static async Task<IPEndPoint> EndPointOfAsync(NetworkAddress address, CancellationToken cancellationToken) => new(
        IPAddress.TryParse(address.Host, out var literal) ? literal : (await Dns.GetHostAddressesAsync(address.Host, cancellationToken))[0], address.Port);
}
