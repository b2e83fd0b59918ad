using System.Globalization;

namespace Proxy.Bench.Servers;

/// <summary>haproxy in mode tcp: it knows nothing of PostgreSQL and passes TLS through from end to end, so that it never encrypts itself.</summary>
internal static class HaProxy
{
    public static async Task<(OwnedProcess Process, Endpoint Endpoint)> StartAsync(
        ScratchDirectory scratch, ThrowawayPostgres server, CancellationToken cancellationToken)
    {
        var program = InstalledProgram.Require("haproxy");
        var endpoint = server.Application with { Port = TcpPort.Free() };
        var configurationPath = scratch["haproxy.cfg"];
        await File.WriteAllTextAsync(configurationPath, string.Create(CultureInfo.InvariantCulture,
            $"""
            global
              maxconn 5000
            defaults
              mode tcp
              timeout connect 5s
              timeout client 10m
              timeout server 10m
            listen postgres
              bind {Endpoint.Address}:{endpoint.Port}
              server one {Endpoint.Address}:{server.Application.Port}

            """), cancellationToken);
        // -db: one process in the foreground.
        var process = await OwnedProcess.StartAsync(
            "haproxy", [program, "-db", "-f", configurationPath], scratch["haproxy.log"], cancellationToken: cancellationToken);
        await TcpPort.WaitUntilOpenAsync(endpoint.Port, process, cancellationToken);
        return (process, endpoint);
    }
}
