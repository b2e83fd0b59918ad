using System.Globalization;
using System.Runtime.InteropServices;

namespace Proxy.Host.Transport;

/// <summary>
/// SCHED_BATCH of sched(7) for the socket threads, and for what they start: one that is woken does not take the processor from a thread that runs, and is otherwise
/// scheduled as before. Otherwise, on a machine shared with the servers, it would preempt a server for each 8 KB of a long answer; so it runs a moment later and finds
/// a larger piece. Measured on 2 cores under TLS, ten windows in turn in the same process: 5,000 masked rows for 2 clients 1.25 against 1.42 ms of processor time, as many
/// answers a second; point queries of 1 and 16 clients as before; of 1 client beside two threads that only compute 45 against 68 µs, p50 98 against 117 µs.
/// </summary>
internal static partial class BatchScheduling
{
    /// <summary>What the runtime calls its socket threads (System.Net.Sockets, SocketAsyncEngine).</summary>
    private const string SocketThreadName = ".NET Sockets";

    // linux/sched.h
    private const int Other = 0;
    private const int Batch = 3;

    /// <summary>
    /// Changes the socket threads there are. What an operator chose instead of the default stays; where the system does not allow the change everything is as it was:
    /// it is a matter of cost.
    /// </summary>
    /// <returns>How many threads it changed.</returns>
    public static int EnterSocketThreads()
    {
        if (!OperatingSystem.IsLinux()) return 0;
        try
        {
            return Directory.GetDirectories("/proc/self/task").Count(static task => IsSocketThread(task) && TryEnter(Path.GetFileName(task)));
        }
        catch (Exception hidden) when (hidden is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    private static bool TryEnter(string task)
    {
        var thread = int.Parse(task, NumberStyles.None, CultureInfo.InvariantCulture);
        var priority = 0;
        return GetScheduler(thread) == Other && SetScheduler(thread, Batch, in priority) == 0;
    }

    private static bool IsSocketThread(string task)
    {
        try
        {
            return File.ReadAllText(Path.Combine(task, "comm")).TrimEnd() == SocketThreadName;
        }
        catch (IOException)
        {
            // It has ended: none of those.
            return false;
        }
    }

    /// <summary>glibc passes a thread's id on as it is; musl knows neither call and says so (ENOSYS).</summary>
    [LibraryImport("libc", EntryPoint = "sched_getscheduler")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetScheduler(int thread);

    /// <param name="thread">Its id in the system.</param>
    /// <param name="policy">Of linux/sched.h.</param>
    /// <param name="priority">struct sched_param: one int, 0 where the policy is not a real-time one.</param>
    [LibraryImport("libc", EntryPoint = "sched_setscheduler")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetScheduler(int thread, int policy, in int priority);
}
