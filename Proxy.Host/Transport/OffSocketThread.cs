namespace Proxy.Host.Transport;

/// <summary>
/// The rule of the data plane: with inline completions, whatever follows an await runs on the thread that polls the sockets of a share of all
/// sessions. Only awaits on a session's own socket may do that. Every other await (a file, HTTP, the catalogue, an approval, a timer, a lock, a
/// handshake) is written <c>await OffSocketThread.Await(task)</c>, or happens inside <c>OffSocketThread.Run(...)</c>. Half a second of
/// computation after one HTTP answer froze half of all sessions for as long (design §3).
/// One class, so that a test can find who goes around it.
/// </summary>
public static class OffSocketThread
{
    /// <summary>Awaits the task and resumes on the thread pool. When it is complete already, nothing is waited for and the thread stays the caller's.</summary>
    public static OffSocketThreadAwaitable Await(Task task) => new(task, alwaysLeave: false);

    /// <inheritdoc cref="Await(Task)"/>
    public static OffSocketThreadAwaitable<T> Await<T>(Task<T> task) => new(task);

    /// <inheritdoc cref="Await(Task)"/>
    public static OffSocketThreadAwaitable Await(ValueTask task) => new(task.AsTask(), alwaysLeave: false);

    /// <inheritdoc cref="Await(Task)"/>
    public static OffSocketThreadAwaitable<T> Await<T>(ValueTask<T> task) => new(task.AsTask());

    /// <summary>Leaves the socket thread in any case; for the computation that follows.</summary>
    public static OffSocketThreadAwaitable Leave() => new(Task.CompletedTask, alwaysLeave: true);

    /// <summary>
    /// Runs our own asynchronous code on the pool: its plain awaits resume there too, because it runs in a synchronization context that posts to
    /// the pool. (What a library does between its own socket operations stays where it is; it uses ConfigureAwait(false).)
    /// </summary>
    public static OffSocketThreadAwaitable Run(Func<Task> work) => new(Task.Run(() => PoolSynchronizationContext.Start(work)), alwaysLeave: false);

    /// <inheritdoc cref="Run(Func{Task})"/>
    public static OffSocketThreadAwaitable<T> Run<T>(Func<Task<T>> work) => new(Task.Run(() => PoolSynchronizationContext.Start(work)));
}
