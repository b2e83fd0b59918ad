using System.Diagnostics;
using System.Globalization;
using Proxy.Bench.Load;

namespace Proxy.Bench.Servers;

/// <summary>
/// A server that ends when this object is disposed, and also when our own process dies in whatever way. A shell in a session of its own (so
/// that Ctrl-C on the terminal does not reach it) starts the server and reads from a pipe whose other end we hold: the end of the pipe,
/// by <see cref="DisposeAsync"/> or by the kernel, is the order to stop.
/// </summary>
internal sealed class OwnedProcess : IAsyncDisposable
{
    // A stop signal first; when the server has ended, or after ten seconds, whatever is left of the process group is killed, the shell with it.
    // The shell reaps the server while it waits for sleep, so kill -0 sees its end.
    private const string Supervisor =
        """
        "$@" </dev/null >"$OWNED_LOG" 2>&1 &
        server=$!
        echo $server
        read -r _
        kill -s "$OWNED_STOP" $server 2>/dev/null
        tries=0
        while kill -0 $server 2>/dev/null && [ $tries -lt 100 ]; do sleep 0.1; tries=$((tries + 1)); done
        kill -s KILL 0
        """;

    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(15);

    private readonly Process _supervisor;

    private OwnedProcess(Process supervisor, int id, string name, string logPath)
    {
        _supervisor = supervisor;
        Id = id;
        Name = name;
        LogPath = logPath;
    }

    /// <summary>The server's own process id, not the shell's.</summary>
    public int Id { get; }

    public string Name { get; }

    public string LogPath { get; }

    public bool IsRunning => ProcessStatistics.IsRunning(Id);

    /// <param name="name">For messages.</param>
    /// <param name="command">Program and arguments.</param>
    /// <param name="logPath">Receives the server's standard output and error.</param>
    /// <param name="stopSignal">What asks this server to stop quickly, for example INT for PostgreSQL's fast shutdown.</param>
    /// <param name="cancellationToken">Ends the wait for the start.</param>
    public static async Task<OwnedProcess> StartAsync(
        string name, IReadOnlyList<string> command, string logPath, string stopSignal = "TERM", CancellationToken cancellationToken = default)
    {
        var start = new ProcessStartInfo("setsid", ["sh", "-c", Supervisor, "sh", .. command])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["OWNED_LOG"] = logPath;
        start.Environment["OWNED_STOP"] = stopSignal;

        var supervisor = Process.Start(start) ?? throw new InvalidOperationException($"{name} did not start.");
        var id = await supervisor.StandardOutput.ReadLineAsync(cancellationToken);
        return new OwnedProcess(supervisor, int.Parse(id ?? "", CultureInfo.InvariantCulture), name, logPath);
    }

    /// <summary>What the server said last, for the message that explains why it does not answer.</summary>
    public async Task<string> LastLogLinesAsync(int count = 15)
        => File.Exists(LogPath) ? string.Join('\n', (await File.ReadAllLinesAsync(LogPath)).TakeLast(count)) : "";

    public async ValueTask DisposeAsync()
    {
        _supervisor.StandardInput.Close();
        using var timeout = new CancellationTokenSource(StopTimeout);
        try
        {
            await _supervisor.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"{Name} (process {Id}) did not stop in {StopTimeout.TotalSeconds} s.");
        }

        _supervisor.Dispose();
    }
}
