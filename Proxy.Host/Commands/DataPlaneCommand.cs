using System.CommandLine;
using System.Diagnostics.Metrics;
using System.Net.Sockets;
using Npgsql;
using Proxy.Core.Journal;
using Proxy.Host.Configuration;
using Proxy.Host.DataPlane;

namespace Proxy.Host.Commands;

/// <summary>The hidden command by which the control plane starts the process with the sockets. It can also be run alone.</summary>
internal static class DataPlaneCommand
{
    public const string Name = "data-plane";

    public static Command Create()
    {
        var configuration = ConfigurationOption.Create();
        var socket = new Option<string?>("--control-socket") { Description = "Where to listen for the control plane, whose end is that of standard input" };
        var command = new Command(Name, "The process with the sockets; started by run") { configuration, socket };
        command.Hidden = true;
        command.SetAction((result, cancellationToken) =>
            RunAsync(result.GetRequiredValue(configuration), result.GetValue(socket), result.InvocationConfiguration, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string directory, string? socket, InvocationConfiguration console, CancellationToken cancellationToken)
    {
        var controlPlane = socket is null ? null : ControlPlaneWatch.Start();
        // The control plane that started this process has shown the warnings.
        if (await ConfigurationOption.LoadAsync(directory, console, showsWarnings: socket is null, cancellationToken)
            is not { Snapshot: { } configuration, Document: { } document })
            return ExitCode.ConfigurationInvalid;
        if (!await DumpGuard.TryForbidAsync(configuration.Gateway.Admin, console))
            return ExitCode.Failure;
        using var logging = Logging.Create();
        using var meter = new Meter(DataPlaneProcess.MeterName);
        var log = logging.CreateLogger("phigate.data");
        var options = new DataPlaneProcessOptions
        {
            ControlSocketPath = socket,
            ControlPlane = controlPlane,
            DrainTimeout = TimeSpan.FromSeconds(configuration.Limits.DrainTimeoutSeconds),
        };
        try
        {
            return await DataPlaneProcess.RunAsync(options, _ => new GatewayDataPlane(configuration, document, meter, TimeProvider.System, log), meter, log);
        }
        catch (ConfigurationException reason)
        {
            await ConfigurationOption.WriteErrorsAsync(reason.Errors, console);
            return ExitCode.ConfigurationInvalid;
        }
        catch (Exception reason) when (reason is IOException or SocketException or JournalInUseException or JournalFormatException
            or NpgsqlException or UnauthorizedAccessException or FormatException)
        {
            // What the operator can mend: a port in use, a journal that is locked, a file that cannot be read.
            await console.Error.WriteLineAsync($"phigate cannot start: {reason.Message}");
            return ExitCode.Failure;
        }
    }
}
