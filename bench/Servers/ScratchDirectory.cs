using System.Diagnostics;

namespace Proxy.Bench.Servers;

/// <summary>A temporary directory that is removed with this object, or by a waiting shell when our process dies without a word.</summary>
internal sealed class ScratchDirectory : IAsyncDisposable
{
    // Servers may still be writing while they stop, so one attempt is not enough.
    private const string Remover =
        """
        read -r _
        tries=0
        until rm -rf -- "$1" 2>/dev/null || [ $tries -ge 100 ]; do sleep 0.2; tries=$((tries + 1)); done
        """;

    private readonly Process _remover;

    public ScratchDirectory(string prefix)
    {
        Path = Directory.CreateTempSubdirectory(prefix).FullName;
        // Servers run as another user than root and must be able to reach what they own in here.
        File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        _remover = Process.Start(new ProcessStartInfo("setsid", ["sh", "-c", Remover, "sh", Path]) { RedirectStandardInput = true })
            ?? throw new InvalidOperationException("setsid did not start.");
    }

    public string Path { get; }

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public async ValueTask DisposeAsync()
    {
        _remover.StandardInput.Close();
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await _remover.WaitForExitAsync(timeout.Token);
        _remover.Dispose();
    }
}
