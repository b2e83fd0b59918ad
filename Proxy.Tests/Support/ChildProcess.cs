using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Proxy.Tests.Support;

/// <summary>
/// A program that runs beside the tests and never outlives them. A shell stands between: it ends the program when our pipe to it closes,
/// which also happens when the test process is killed. (A parent-death signal alone would not do: Linux sends it when the *thread* that
/// started the child ends, and pool threads come and go. Between shell and program it is right, and covers a killed shell.)
/// </summary>
public sealed class ChildProcess : IAsyncDisposable
{
    private const string Watch = """
        exec 3<&0
        sh -c 'echo "$$" >&2; exec setpriv --pdeathsig KILL "$@"' child "$@" </dev/null 3<&- &
        child=$!
        ( while read -r line <&3; do :; done; kill -QUIT $child; sleep 5; kill -KILL $child ) 2>/dev/null &
        watcher=$!
        wait $child
        code=$?
        kill $watcher 2>/dev/null
        exit $code
        """;

    private readonly Process _shell;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly TaskCompletionSource<int> _processId = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _reading;

    private ChildProcess(Process shell)
    {
        _shell = shell;
        _reading = Task.WhenAll(ReadAsync(shell.StandardOutput), ReadErrorsAsync(shell.StandardError));
    }

    /// <summary>The program's own process id, not the shell's.</summary>
    public int ProcessId { get; private set; }

    public bool HasExited => _shell.HasExited;

    /// <summary>Valid after it has exited; 128 + the signal when one ended it.</summary>
    public int ExitCode => _shell.ExitCode;

    /// <summary>All lines it has written so far to both of its streams.</summary>
    public string Output => string.Join('\n', _output);

    /// <param name="setprivOptions">What else setpriv(1) shall change for the program, e.g. its user.</param>
    public static async Task<ChildProcess> StartAsync(
        IEnumerable<string> commandLine,
        IEnumerable<string>? setprivOptions = null,
        string workingDirectory = "/",
        IReadOnlyDictionary<string, string?>? environment = null)
    {
        var start = new ProcessStartInfo("sh", ["-c", Watch, "watch", .. setprivOptions ?? [], "--", .. commandLine])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = workingDirectory,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
            start.Environment[name] = value;
        var child = new ChildProcess(Process.Start(start)!);
        child.ProcessId = await child._processId.Task;
        return child;
    }

    /// <summary>Waits until a line contains the text; false when the program ends or the time is over before.</summary>
    public async Task<bool> WaitForOutputAsync(string text, TimeSpan patience)
    {
        using var deadline = new CancellationTokenSource(patience);
        while (!_output.Any(line => line.Contains(text, StringComparison.Ordinal)))
        {
            if (HasExited || deadline.IsCancellationRequested)
                return false;
            await Task.Delay(TimeSpan.FromMilliseconds(10));
        }
        return true;
    }

    /// <summary>Sends a signal by name, e.g. TERM; does nothing when it has exited.</summary>
    public async Task SignalAsync(string signal)
    {
        if (!HasExited)
            await Command.RunAsync("sh", ["-c", "kill -s \"$1\" \"$2\"", "kill", signal, ProcessId.ToString(CultureInfo.InvariantCulture)]);
    }

    public async Task<int> WaitForExitAsync(CancellationToken cancellationToken)
    {
        await _shell.WaitForExitAsync(cancellationToken);
        return ExitCode;
    }

    /// <summary>Signals it, and kills it if it has not ended in time.</summary>
    public async Task<int> StopAsync(string signal, TimeSpan patience)
    {
        await SignalAsync(signal);
        using var deadline = new CancellationTokenSource(patience);
        try
        {
            return await WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            await SignalAsync("KILL");
            return await WaitForExitAsync(CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!HasExited)
            await StopAsync("KILL", TimeSpan.FromSeconds(10));
        _shell.StandardInput.Close();
        await _reading;
        _shell.Dispose();
    }

    private async Task ReadAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
            _output.Enqueue(line);
    }

    private async Task ReadErrorsAsync(StreamReader reader)
    {
        var first = await reader.ReadLineAsync();
        if (int.TryParse(first, CultureInfo.InvariantCulture, out var id))
            _processId.TrySetResult(id);
        else
            _processId.TrySetException(new InvalidOperationException($"The child did not start: {first}"));
        await ReadAsync(reader);
    }
}
