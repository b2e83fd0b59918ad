namespace Proxy.Host.Transport;

/// <summary>Makes the awaits of our own code resume on the thread pool. See <see cref="OffSocketThread"/>.</summary>
internal sealed class PoolSynchronizationContext : SynchronizationContext
{
    private static readonly PoolSynchronizationContext Instance = new();

    public override void Post(SendOrPostCallback d, object? state) =>
        ThreadPool.QueueUserWorkItem(
            static posted =>
            {
                SetSynchronizationContext(Instance); // The pool resets it after the work item.
                posted.d(posted.state);
            },
            (d, state),
            preferLocal: false);

    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("Nothing waits synchronously here");

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Starts work in this context, on the current pool thread.</summary>
    internal static TTask Start<TTask>(Func<TTask> work)
        where TTask : Task
    {
        SetSynchronizationContext(Instance);
        return work();
    }

    /// <summary>Queues the continuation to the pool when the task ends: into this context if it is the awaiting code's.</summary>
    internal static void QueueWhenCompleted(Task task, Action continuation)
    {
        var context = Current;
        task.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(() =>
        {
            if (context is PoolSynchronizationContext)
                context.Post(static state => ((Action)state!)(), continuation);
            else
                ThreadPool.UnsafeQueueUserWorkItem(static state => state(), continuation, preferLocal: false);
        });
    }
}
