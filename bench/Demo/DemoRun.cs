using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using Proxy.Bench.Identity;
using Proxy.Bench.Servers;

namespace Proxy.Bench.Demo;

/// <summary>
/// `make demo`: a hospital in a throwaway PostgreSQL and in a throwaway MariaDB, one PhiGate in front of both, and clients that ask each of them directly
/// and through it. Ends with 0 only if everything that it shows is as promised; leaves no process and no file, however it ends.
/// </summary>
internal static class DemoRun
{
    private const int ConnectionsMax = 60;

    public static async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var console = new DemoConsole(Console.Out);
        var promises = new Promises();
        var started = Stopwatch.GetTimestamp();

        await using (var scratch = new ScratchDirectory("phigate-demo-"))
        {
            using var authority = new ScratchAuthority(scratch.Path, TimeProvider.System);
            await using var server = await ThrowawayPostgres.StartAsync(scratch, authority, ConnectionsMax, cancellationToken);
            await Hospital.LoadAsync(server, cancellationToken);
            console.Line($"A synthetic hospital of 20,000 patients in a throwaway PostgreSQL: {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s");

            started = Stopwatch.GetTimestamp();
            await using var mariaDb = await ThrowawayMariaDb.StartAsync(scratch, authority, ConnectionsMax, cancellationToken);
            await MariaDbHospital.LoadAsync(mariaDb, server, cancellationToken);
            console.Line($"The same hospital in a throwaway MariaDB: {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s");

            started = Stopwatch.GetTimestamp();
            var (agentClient, researchClient) = (new OpenIdClient("demo-agent", ["agents"]), new OpenIdClient("demo-researcher", ["research"]));
            var files = authority.Issue(scratch.Path, "login");
            using var certificate = X509Certificate2.CreateFromPemFile(files.Certificate, files.Key);
            await using var provider = await OpenIdProvider.StartAsync(
                TcpPort.Free(), certificate, authority.Certificate, [agentClient, researchClient], cancellationToken);
            await using var gateway = await Gateway.StartAsync(
                scratch, authority, GatewayTarget.Demonstration(server, mariaDb), "gateway", cancellationToken, provider.Issuer);
            var agentToken = await provider.RequestTokenAsync(agentClient, cancellationToken);
            var researcherToken = await provider.RequestTokenAsync(researchClient, cancellationToken);
            console.Line($"PhiGate in front of both, TLS on all legs, and an OpenID provider (OpenIddict) that gave two agents a token each: {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s");

            var postgres = new Doors(
                server.Application, gateway.AdmitWith(agentClient.Id, agentToken), gateway.AdmitWith(researchClient.Id, researcherToken));
            var mySql = new Doors(
                mariaDb.Application, gateway.AdmitToMariaDbWith(agentClient.Id, agentToken), gateway.AdmitToMariaDbWith(researchClient.Id, researcherToken));
            var stage = new Stage(server, gateway, postgres, mySql, console, promises);
            try
            {
                await PlayAsync(stage, cancellationToken);
            }
            catch (Exception) when (!cancellationToken.IsCancellationRequested)
            {
                console.Block("PhiGate said last", await gateway.LastLogLinesAsync());
                throw;
            }
        }

        Console.WriteLine();
        foreach (var broken in promises.Broken.Distinct())
            console.Broken("NOT AS PROMISED: " + broken);
        if (promises.Broken.Count > 0)
            return 1;
        console.Kept($"{promises.Count} checks, all as promised. All servers are stopped and their files removed.");
        return 0;
    }

    private static async Task PlayAsync(Stage stage, CancellationToken cancellationToken)
    {
        await MaskedInPsql.RunAsync(stage, cancellationToken);
        await MaskedInNpgsql.RunAsync(stage, cancellationToken);
        await RefusedExport.RunAsync(stage, cancellationToken);
        await UnchangedAnswer.RunAsync(stage, cancellationToken);
        await MaskedInMariaDb.RunAsync(stage, cancellationToken);
        await MaskedInMySqlConnector.RunAsync(stage, cancellationToken);
        await RefusedMariaDbExport.RunAsync(stage, cancellationToken);
        await Timings.RunAsync(stage, cancellationToken);
        await RecordReadBack.RunAsync(stage, cancellationToken);
    }
}
