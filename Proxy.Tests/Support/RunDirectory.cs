using System.Diagnostics;

namespace Proxy.Tests.Support;

/// <summary>
/// The one directory that a run of the tests writes to. A small shell waits for the end of our standard-input pipe to it and then
/// removes the directory, so nothing is left behind even when the test process is killed.
/// </summary>
public static class RunDirectory
{
    private static readonly Lock Gate = new();
    private static Process? _reaper;
    private static string? _path;
    private static int _counter;

    public static string Path
    {
        get
        {
            lock (Gate)
                return _path ??= Create();
        }
    }

    /// <summary>A new empty directory inside, readable by other users (a server runs as one of them).</summary>
    public static string Create(string prefix)
    {
        var path = System.IO.Path.Combine(Path, $"{prefix}-{Interlocked.Increment(ref _counter)}");
        Directory.CreateDirectory(path);
        return path;
    }

    public static async Task RemoveAsync()
    {
        Process? reaper;
        lock (Gate)
            (reaper, _reaper, _path) = (_reaper, null, null);
        if (reaper is null)
            return;
        reaper.StandardInput.Close();
        await reaper.WaitForExitAsync();
        reaper.Dispose();
    }

    private static string Create()
    {
        var path = Directory.CreateTempSubdirectory("phigate-tests-").FullName;
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        // Twice: a server that is dying at this moment may still write into the directory that is being removed.
        _reaper = Process.Start(new ProcessStartInfo("sh",
            ["-c", "while read -r line; do :; done; rm -rf \"$1\" 2>/dev/null || { sleep 3; rm -rf \"$1\"; }; sleep 0.2; rm -rf \"$1\"",
                "reaper", path])
        { RedirectStandardInput = true, UseShellExecute = false })!;
        return path;
    }
}
