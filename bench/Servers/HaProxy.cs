using System.Globalization;

namespace Proxy.Bench.Servers;

/// <summary>haproxy in mode tcp: it knows nothing of databases and passes TLS through from end to end, so that it never encrypts itself.</summary>
internal static class HaProxy
{
    public static async Task<(OwnedProcess Process, Endpoint Endpoint)> StartAsync(
        string name, ScratchDirectory scratch, Endpoint server, CancellationToken cancellationToken)
    {
        var program = InstalledProgram.Require("haproxy");
        var endpoint = server with { Port = TcpPort.Free() };
        var configurationPath = scratch[name + ".cfg"];
        await File.WriteAllTextAsync(configurationPath, string.Create(CultureInfo.InvariantCulture,
            $"""
            global
              maxconn 5000
            defaults
              mode tcp
              timeout connect 5s
              timeout client 10m
              timeout server 10m
            listen database
              bind {Endpoint.Address}:{endpoint.Port}
              server one {Endpoint.Address}:{server.Port}

            """), cancellationToken);
        // -db: one process in the foreground.
        var process = await OwnedProcess.StartAsync(
            name, [program, "-db", "-f", configurationPath], scratch[name + ".log"], cancellationToken: cancellationToken);
        await TcpPort.WaitUntilOpenAsync(endpoint.Port, process, cancellationToken);
        return (process, endpoint);
    }
}
