using System.Diagnostics;
using System.Reflection;
using Proxy.Host.Transport;

namespace Proxy.Host.ControlPlane;

/// <summary>
/// Starts this program again as the data plane, with the environment that it needs, a socket in a directory only this user can enter, and a pipe as its standard
/// input, by whose end it knows that this process is gone (no other child of this process inherits the end that is held here).
/// </summary>
public sealed class DataPlaneChild : IDisposable
{
    private readonly string _directory;
    private readonly Process _process;

    private DataPlaneChild(string directory, Process process)
    {
        _directory = directory;
        _process = process;
        Socket = new ControlSocketClient(SocketPath(directory));
    }

    public ControlSocketClient Socket { get; }

    public int ProcessId => _process.Id;

    public static DataPlaneChild Start(ControlPlaneOptions options)
    {
        var directory = Directory.CreateTempSubdirectory("phigate-"); // Mode 0700.
        try
        {
            var start = new ProcessStartInfo { UseShellExecute = false, RedirectStandardInput = true };
            AddProgram(start, options.Program);
            foreach (var argument in options.DataPlaneArguments)
                start.ArgumentList.Add(argument);
            start.ArgumentList.Add(options.ControlSocketOption);
            start.ArgumentList.Add(SocketPath(directory.FullName));
            DataPlaneEnvironment.Complete(start.Environment);
            return new DataPlaneChild(directory.FullName, Process.Start(start) ?? throw new InvalidOperationException("The data plane was not started"));
        }
        catch
        {
            directory.Delete(recursive: true);
            throw;
        }
    }

    /// <summary>Waits for its end and says how it exited.</summary>
    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(); // Only when the control plane itself failed: a data plane is not left without one.
        _process.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private static string SocketPath(string directory) => Path.Combine(directory, "data-plane");

    private static void AddProgram(ProcessStartInfo start, string? program)
    {
        start.FileName = program ?? Environment.ProcessPath ?? throw new InvalidOperationException("The path of this program is not known");
        if (program is null && Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
            start.ArgumentList.Add(Assembly.GetEntryAssembly()!.Location); // Run as `dotnet phigate.dll`.
    }
}
