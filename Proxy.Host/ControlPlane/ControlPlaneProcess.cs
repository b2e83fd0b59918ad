using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Proxy.Host.ControlPlane;

/// <summary>
/// The life of the process with HTTP: starts the data plane as its child, answers health, metrics, operators and askers for credentials for it,
/// passes SIGTERM on as a drain, and ends when the child does. The first signal drains, the second cuts off.
/// </summary>
public static class ControlPlaneProcess
{
    /// <summary>The data plane ended though nobody asked it to.</summary>
    public const int ExitDataPlaneLost = 70;

    /// <returns>0 after a drain that was asked for; otherwise not 0, and the reason is on standard error.</returns>
    public static async Task<int> RunAsync(ControlPlaneOptions options, ILogger log, CancellationToken drainRequested = default)
    {
        using var child = DataPlaneChild.Start(options);
        var exit = child.ExitAsync();
        using var ended = new CancellationTokenSource();
        var stopping = new StopRequests(child.Socket, options.DrainTimeout, log);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, stopping.OnSignal);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, stopping.OnSignal);
        await using var requested = drainRequested.Register(stopping.Request);
        await using var web = await ServeAsync(options, child.Socket);
        await using var operators = options.OperatorSocketPath is { } path ? await OperatorServer.StartAsync(path, child.Socket) : null;
        await using var credentials = options.Credentials is { } desk ? await CredentialServer.StartAsync(desk, child.Socket, log) : null;
        await using var followers = options.FollowJournal is { } follow ? await follow(log) : null;
        options.OnListening?.Invoke(new Uri(web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()));

        var attaching = child.Socket.AttachAsync(ended.Token);
        var code = await exit;
        await ended.CancelAsync();
        await ((Task)attaching).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (attaching.IsCompletedSuccessfully)
            (await attaching).Dispose();
        if (stopping.Requested && code == 0)
            return 0;
        await Console.Error.WriteLineAsync($"The data plane (process {child.ProcessId}) ended with exit code {code}");
        return code == 0 ? ExitDataPlaneLost : code;
    }

    private static async Task<WebApplication> ServeAsync(ControlPlaneOptions options, ControlSocketClient dataPlane)
    {
        var builder = WebHosting.CreateBuilder();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(options.HttpEndPoint));
        var web = builder.Build();
        HealthEndpoints.Map(web, dataPlane);
        await web.StartAsync();
        return web;
    }
}
