using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Proxy.Host.ControlPlane;

/// <summary>
/// Kestrel and routing, and nothing that reads files of its own: an appsettings.json in the working directory must not move an endpoint, and a watch
/// on that directory for each server would use up the machine's inotify instances.
/// </summary>
internal static class WebHosting
{
    public static WebApplicationBuilder CreateBuilder()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();
        return builder;
    }
}
