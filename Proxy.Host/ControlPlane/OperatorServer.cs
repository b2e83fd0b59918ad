using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Proxy.Host.ControlPlane;

/// <summary>HTTP on a Unix socket for the operator's commands: open to root and to the user that the gateway runs as, and to nobody else.</summary>
internal sealed class OperatorServer : IAsyncDisposable
{
    private readonly WebApplication _web;
    private readonly string _path;

    private OperatorServer(WebApplication web, string path)
    {
        _web = web;
        _path = path;
    }

    /// <exception cref="IOException">Another gateway answers on this socket.</exception>
    public static async Task<OperatorServer> StartAsync(string path, ControlSocketClient dataPlane)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await ClearAsync(path);
        // Says why nothing can be made there, where a socket says "Unknown socket error" (a read-only or a full file system).
        new FileStream(path + ".new", FileMode.Create, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose).Dispose();
        var builder = WebHosting.CreateBuilder();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(path));
        var web = builder.Build();
        OperatorEndpoints.Map(web, dataPlane);
        await web.StartAsync();
        // Who connects is looked at as well: this only keeps others from trying.
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return new OperatorServer(web, path);
    }

    public async ValueTask DisposeAsync()
    {
        await _web.DisposeAsync();
        File.Delete(_path);
    }

    /// <summary>A gateway that was killed leaves its socket behind; one that lives must not lose it.</summary>
    private static async Task ClearAsync(string path)
    {
        if (!File.Exists(path))
            return;
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await probe.ConnectAsync(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException)
        {
            File.Delete(path);
            return;
        }
        throw new IOException($"another gateway answers on {path}");
    }
}
