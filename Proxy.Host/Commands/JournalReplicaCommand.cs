using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Proxy.Core.Journal;
using Proxy.Host.Configuration.Gateway;
using Proxy.Host.Evidence.Replication;
using Proxy.Protocols.Secrets;

namespace Proxy.Host.Commands;

/// <summary><c>phigate journal-replica</c>: keeps second copies of gateways' journals on another machine (docs/replication.md).</summary>
internal static class JournalReplicaCommand
{
    private static readonly Option<string> Directory = new("--directory")
    {
        Description = "Where the copies are: a directory for each journal, named by its id",
        HelpName = "DIR",
        Required = true,
    };

    private static readonly Option<string> Listen = new("--listen") { Description = "The IP address and port to listen on", HelpName = "ADDRESS:PORT", Required = true };
    private static readonly Option<string> Certificate = new("--certificate-file") { Description = "What gateways see, in PEM", HelpName = "FILE", Required = true };
    private static readonly Option<string> Key = new("--key-file") { Description = "Its key, in PEM", HelpName = "FILE", Required = true };
    private static readonly Option<string> ClientCa = new("--client-ca-file")
    {
        Description = "The authorities of the gateways' certificates, in PEM",
        HelpName = "FILE",
        Required = true,
    };

    private static readonly Option<string[]> ClientName = new("--client-name")
    {
        Description = "The DNS name in the certificate of a gateway that may come; may be given several times (default: any of the authorities)",
        HelpName = "NAME",
        DefaultValueFactory = _ => [],
    };

    private static readonly Option<string> Durability = new("--durability")
    {
        Description = "What has happened to records before they are acknowledged: flushed to the disk, or written to the page cache",
        DefaultValueFactory = _ => "flushed",
    };

    public static Command Create()
    {
        var command = new Command("journal-replica", "Keep second copies of gateways' journals until SIGTERM")
        {
            Directory, Listen, Certificate, Key, ClientCa, ClientName, Durability,
        };
        Durability.AcceptOnlyFromAmong("flushed", "written");
        Listen.Validators.Add(result =>
        {
            if (EndPointOf(result.GetValueOrDefault<string>()) is null)
                result.AddError("--listen: an IP address and a port are expected, such as 10.0.0.7:7432");
        });
        command.SetAction((arguments, cancellationToken) => RunAsync(arguments, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        using var logging = Logging.Create();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        try
        {
            ProcessDumps.Forbid(); // The key of its certificate is in memory.
            using var server = ReplicaServer.Open(OptionsOf(arguments), logging.CreateLogger("phigate.replica"));
            await server.RunAsync(stop.Token);
            return ExitCode.Success;
        }
        catch (Exception reason) when (reason is IOException or SocketException or CryptographicException or UnauthorizedAccessException or JournalInUseException)
        {
            await arguments.InvocationConfiguration.Error.WriteLineAsync($"phigate journal-replica cannot run: {reason.Message}");
            return ExitCode.Failure;
        }
    }

    private static ReplicaServerOptions OptionsOf(ParseResult arguments) => new()
    {
        Directory = Path.GetFullPath(arguments.GetRequiredValue(Directory)),
        EndPoint = EndPointOf(arguments.GetRequiredValue(Listen))!,
        CertificateFile = arguments.GetRequiredValue(Certificate),
        KeyFile = arguments.GetRequiredValue(Key),
        ClientCaFile = arguments.GetRequiredValue(ClientCa),
        ClientNames = [.. arguments.GetValue(ClientName) ?? []],
        Durability = arguments.GetValue(Durability) is "written" ? Core.Journal.Durability.Written : Core.Journal.Durability.Flushed,
    };

    private static IPEndPoint? EndPointOf(string? text) =>
        text is not null && NetworkAddress.TryParse(text, out var address) && IPAddress.TryParse(address!.Host, out var host) ? new IPEndPoint(host, address.Port) : null;
}
